package dev.bactrian.dump.plan;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Matches;
import dev.bactrian.selection.Relation;
import dev.bactrian.selection.Rule;
import dev.bactrian.selection.Selection;
import dev.bactrian.selection.SelectionRequest;
import dev.bactrian.selection.Selector;
import dev.bactrian.support.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Which objects a backup includes and leaves out: the rules of settings and request, applied to one database. */
public final class ObjectSelection {

    /** Under which a backup's evidence has the selection that holds. */
    static final String MADE = "selection";

    /** The rules of one backup: those of its database's settings, then those of its request. */
    public List<Rule> rules(@ExchangeProperty("run") BackupRun run) {
        Object kept = run.getRow().get("selection");
        return run.getDatabase().filters().with(SelectionRequest.fromJson(kept == null ? null : kept.toString()));
    }

    /** What holds where there are no rules. */
    public Selection everything(@ExchangeProperty("run") BackupRun run, @Header("server") ServerInfo server) {
        run.getEvidence().done("direct:select");
        // Whatever was worked out before, this one takes its place.
        run.getEvidence().undone("direct:apply-rules");
        return made(run, limited(Selection.everything(), run.getDatabase(), server));
    }

    /** Without large objects, where the database's settings leave them out. */
    private static Selection limited(Selection selection, Database database, ServerInfo server) {
        String setting = database.filters().withoutLargeObjects();
        return setting == null ? selection : selection.withoutLargeObjects(setting, server.largeObjects());
    }

    /** The rules' patterns, as {@code sql/backup/match-patterns.sql} takes them. */
    public String patterns(@ExchangeProperty("rules") List<Rule> rules) {
        List<Map<String, Object>> patterns = new ArrayList<>();
        for (int n = 0; n < rules.size(); n++) {
            Rule rule = rules.get(n);
            Map<String, Object> pattern = new LinkedHashMap<>();
            pattern.put("n", n);
            pattern.put("of_schemas", rule.effect().ofSchemas());
            pattern.put("schema", rule.pattern().schema());
            pattern.put("name", rule.pattern().name());
            patterns.add(pattern);
        }
        return JsonText.of(patterns);
    }

    /**
     * Applies the rules.
     *
     * @throws ProblemException when what a request asks for isn't there or is left out, when a setting includes nothing, and
     *     when what is left out can't be told to pg_dump
     */
    public Selection select(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("rules") List<Rule> rules,
            @Header("server") ServerInfo server,
            @Header("schemas") List<Map<String, Object>> schemas,
            @Header("matches") List<Map<String, Object>> matches,
            @Header("relations") List<Map<String, Object>> relations,
            @Header("needs") List<Map<String, Object>> needs,
            @Header("patterns") @Nullable String patterns,
            @Header("usersPath") @Nullable Object usersPath,
            @Header("searchPath") @Nullable Object ownPath) {
        if (!patterns(rules).equals(patterns)) {
            throw LeftOutStep.of("objectSelection.patterns", "the server compared no patterns");
        }
        if (usersPath == null) {
            throw LeftOutStep.of("use-search-path", "patterns without a schema would mean something else");
        }
        if (ownPath == null) {
            throw LeftOutStep.of(
                    "drop-search-path", "queries would run with a search path where other roles can plant functions");
        }
        if (!described(rules).equals(described(rules(run)))) {
            throw LeftOutStep.edited("apply rules other than those of the settings and the request");
        }
        run.getEvidence().done("direct:apply-rules");
        return made(run, limited(select(rules, server, schemas, matches, relations, needs), run.getDatabase(), server));
    }

    private static Selection made(BackupRun run, Selection selection) {
        run.getEvidence().made(MADE, selection);
        return selection;
    }

    private static List<String> described(List<Rule> rules) {
        return rules.stream().map(rule -> rule.effect() + " " + rule.why()).toList();
    }

    /** As above, without regard to large objects. */
    private static Selection select(
            List<Rule> rules,
            ServerInfo server,
            List<Map<String, Object>> schemas,
            List<Map<String, Object>> matches,
            List<Map<String, Object>> relations,
            List<Map<String, Object>> needs) {
        Matches matched = new Matches(rules, matches);
        refuseIdle(matched, server);
        Selector selector = new Selector(
                matched,
                schemas.stream().map(row -> String.valueOf(row.get("name"))).toList(),
                relations.stream().map(Relation::of).toList());
        refuseInVain(selector, server);
        Selection selection = selector.select(needs, server.largeObjects());
        SelectionArguments.refuseTooLong(selection);
        return selection;
    }

    private static void refuseIdle(Matches matches, ServerInfo server) {
        List<Rule> requested = matches.idle().stream().filter(Rule::requested).toList();
        if (!requested.isEmpty()) {
            throw ProblemException.stopped(
                    named(requested) + " matches nothing in database " + server.databaseName() + ".",
                    "Correct or remove the pattern. A pattern without a schema matches only what is in the search "
                            + "path: write schema.table.");
        }
        List<Rule> including = matches.rules().stream()
                .filter(rule -> rule.effect() == Rule.Effect.INCLUDE_SCHEMAS && !rule.requested())
                .toList();
        if (!including.isEmpty() && matches.idle().containsAll(including)) {
            throw ProblemException.stopped(
                    named(including) + " matches no schema of database " + server.databaseName()
                            + ", so the backup would be empty.",
                    "Correct " + including.get(0).source() + " and restart.");
        }
    }

    private static void refuseInVain(Selector selector, ServerInfo server) {
        List<Rule> inVain = selector.inVain();
        if (!inVain.isEmpty()) {
            throw ProblemException.stopped(
                    named(inVain)
                            + " matches only what the settings or another part of the request leave out of database "
                            + server.databaseName() + ".",
                    "Request something else, or change the settings BACKUP_INCLUDE_SCHEMAS, BACKUP_EXCLUDE_SCHEMAS "
                            + "and BACKUP_EXCLUDE_TABLES.");
        }
    }

    private static String named(List<Rule> rules) {
        return rules.stream().map(Rule::why).collect(Collectors.joining(", "));
    }
}
