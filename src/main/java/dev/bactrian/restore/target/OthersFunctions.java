package dev.bactrian.restore.target;

import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which functions of roles that aren't the one that restores, may act as it, or are superusers, are called by what the target
 * has: by rows that go into its tables, by queries that read them, by their names. All that leads to a function is followed:
 * operators, types of all kinds with their domains' checks and casts, views, other functions. These run with the rights of
 * the role that writes or reads.
 */
public final class OthersFunctions {

    private static final int AT_ONCE = 1_000;
    private static final int MOST_NAMED = 10;

    private static final String QUERY = text("/db/others-functions.sql");

    /** Its estimate of the costs is far too high. */
    private static final String JIT =
            "SELECT pg_catalog.set_config(name, %s, false) FROM pg_catalog.pg_settings WHERE name = 'jit'";

    /** What is asked about. */
    public enum Kind {
        /** A table, partitioned or not, that gets rows. */
        ROWS,
        /** A table whose constraints and defaults others inherit. */
        PARENT,
        /** A relation that a query reads. */
        READS,
        /** All functions of the name. */
        FUNCTION,
        /** All operators of the name. */
        OPERATOR,
        TYPE
    }

    /** Something of the target, which may not be there. */
    public record Subject(Kind kind, String schema, String name) {

        public static List<Subject> of(Kind kind, Collection<Relation.Named> names) {
            return names.stream()
                    .map(name -> new Subject(kind, name.schema(), name.name()))
                    .toList();
        }
    }

    /**
     * A call.
     *
     * @param named the subject's name, quoted where it must be
     * @param function with its arguments' types
     * @param role whose the function is, or the expression that calls a function of the server's that runs a text
     * @param schema the function's
     */
    public record Call(Subject of, String named, String function, String role, String schema) {

        /** Whether a Supabase project's platform made it: none of its users may create in these schemas. */
        public boolean isPlatforms(Target target) {
            return target.isSupabase() && Platform.managedSchema(schema) && Platform.role(role);
        }
    }

    private OthersFunctions() {}

    /** Finds the calls. */
    public static List<Call> find(Collection<Subject> subjects, Connection connection) throws SQLException {
        List<Call> calls = new ArrayList<>();
        if (subjects.isEmpty()) {
            return calls;
        }
        Target.text(connection, JIT.formatted("'off'"));
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            List<Subject> all = List.copyOf(subjects);
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                List<Subject> some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
                set(
                        statement,
                        1,
                        some.stream()
                                .map(of -> of.kind().name().toLowerCase(Locale.ROOT))
                                .toList());
                set(statement, 2, some.stream().map(Subject::schema).toList());
                set(statement, 3, some.stream().map(Subject::name).toList());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        calls.add(new Call(
                                new Subject(
                                        Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                                        row.getString(2),
                                        row.getString(3)),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7)));
                    }
                }
            }
        }
        Target.text(connection, JIT.formatted("reset_val"));
        return calls;
    }

    /** Names those that rows will run. */
    public static void tell(
            Collection<Relation.Named> filled, Target target, Connection connection, RestoreReport report)
            throws SQLException {
        List<String> calls = find(Subject.of(Kind.ROWS, filled), connection).stream()
                .filter(call -> !call.isPlatforms(target))
                .map(call -> call.named() + " calls " + call.function() + " of role " + call.role())
                .toList();
        if (!calls.isEmpty()) {
            report.note("Loading rows runs functions of other roles with the rights of the role that restores: "
                    + list(calls) + ". If you don't trust these roles, restore as the tables' owner.");
        }
    }

    /** The first of them, and how many more there are. */
    public static String list(List<String> calls) {
        return calls.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
                + (calls.size() > MOST_NAMED ? "; and " + (calls.size() - MOST_NAMED) + " more" : "");
    }

    private static void set(PreparedStatement statement, int parameter, List<String> texts) throws SQLException {
        statement.setArray(parameter, statement.getConnection().createArrayOf("text", texts.toArray()));
    }

    private static String text(String resource) {
        try (InputStream content = OthersFunctions.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(content, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
