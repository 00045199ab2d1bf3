package dev.bactrian.restore.plan;

import dev.bactrian.archive.Manifest;
import dev.bactrian.restore.ReachesOut;
import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.restore.rows.AgentJobs;
import dev.bactrian.restore.rows.CronJobs;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What of a restore acts by itself, or on other systems, once the target is used: counted and named, for its report. */
final class OutwardParts {

    private enum Kind {
        CRON_JOB("pg_cron job", "runs by schedule: comes back paused"),
        PGAGENT_JOB("pgagent job", "runs by schedule: comes back paused"),
        CHAIN("pg_timetable chain", "runs by schedule: comes back paused"),
        TRIGGER("trigger", "calls other systems when rows change"),
        EVENT_TRIGGER("event trigger", "runs when definitions change; created last"),
        SUBSCRIPTION("subscription", "fetches rows from another server: comes back disabled"),
        MATERIALIZED_VIEW("materialized view", "queries other systems whenever it is refreshed"),
        FOREIGN_TABLE("foreign table", "writing to it writes to another system"),
        SERVER("foreign server", "names another system"),
        USER_MAPPING("user mapping", "logs in to another system");

        private final String words;
        private final String meaning;

        Kind(String words, String meaning) {
            this.words = words;
            this.meaning = meaning;
        }
    }

    private final Map<Kind, List<String>> names = new EnumMap<>(Kind.class);

    private OutwardParts() {}

    /** Finds them among the definitions of a plan, and the rows of a selection. */
    static List<ReachesOut> of(RestorePlan plan, RestoreSelection selection) throws IOException {
        OutwardCalls calls = OutwardCalls.of(plan.definitions());
        OutwardParts parts = new OutwardParts();
        for (ScriptEntry entry :
                Stream.concat(plan.preData().stream(), plan.postData().stream()).toList()) {
            switch (entry.type()) {
                case "TRIGGER", "RULE" -> parts.add(Kind.TRIGGER, entry, calls.isCaller(entry));
                case "EVENT TRIGGER" -> parts.add(Kind.EVENT_TRIGGER, entry, true);
                case "SUBSCRIPTION" -> parts.add(Kind.SUBSCRIPTION, entry, true);
                case "MATERIALIZED VIEW" -> parts.add(Kind.MATERIALIZED_VIEW, entry, calls.reach(entry));
                case "FOREIGN TABLE" -> parts.add(Kind.FOREIGN_TABLE, entry, true);
                case "SERVER" -> parts.add(Kind.SERVER, entry, true);
                case "USER MAPPING" -> parts.add(Kind.USER_MAPPING, entry, true);
                default -> {}
            }
        }
        List<Manifest.TablePart> tables =
                selection.tables().stream().filter(selection::wantsRows).toList();
        List<ReachesOut> all = new ArrayList<>();
        jobs(Kind.CRON_JOB, CronJobs.TABLE, tables, all);
        jobs(Kind.PGAGENT_JOB, AgentJobs.PGAGENT.table(), tables, all);
        jobs(Kind.CHAIN, AgentJobs.TIMETABLE.table(), tables, all);
        parts.names.forEach((kind, found) -> all.add(new ReachesOut(kind.words, kind.meaning, found.size(), found)));
        return all;
    }

    private void add(Kind kind, ScriptEntry entry, boolean itIs) {
        if (itIs) {
            String tag = kind == Kind.USER_MAPPING ? entry.tag().replaceFirst("^USER MAPPING ", "") : entry.tag();
            names.computeIfAbsent(kind, any -> new ArrayList<>())
                    .add((entry.schema().isEmpty() ? "" : entry.schema() + ".") + tag);
        }
    }

    /** Their names are rows, which a plan doesn't read. */
    private static void jobs(Kind kind, Relation.Named table, List<Manifest.TablePart> tables, List<ReachesOut> found) {
        tables.stream()
                .filter(part -> RestorePlan.named(part).equals(table))
                .mapToLong(part -> part.rows() == null ? 0 : part.rows())
                .filter(rows -> rows > 0)
                .forEach(rows -> found.add(new ReachesOut(kind.words, kind.meaning, rows, List.of())));
    }
}
