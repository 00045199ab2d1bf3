package dev.bactrian.unchanged;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.support.Sha256;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a backup keeps of its source: the state for the proof, as it comes back from JSON, and of each table what its data.sql
 * has, as a digest that doesn't depend on the order of rows.
 */
record SavedSource(SourceState state, Map<Long, Rows> tables) {

    record Rows(Table table, long count, String digest) {}

    private static final String COLUMNS =
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                    + " WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";

    /** What may happen between the snapshot and its reading. */
    interface Meanwhile {
        void happens() throws SQLException;
    }

    /** One that is read, and how each of its tables was judged by an earlier one: null where it is the same. */
    record Compared(SavedSource now, Map<Long, @Nullable String> verdicts) {

        /** Of the only table of a name. */
        @Nullable
        String verdict(String name) {
            return verdicts.get(now.oid(name));
        }

        long unchanged() {
            return verdicts.values().stream().filter(Objects::isNull).count();
        }

        /** Tables that were judged to be the same and aren't. */
        List<String> wrong(SavedSource earlier) {
            return verdicts.entrySet().stream()
                    .filter(verdict -> verdict.getValue() == null)
                    .filter(verdict -> {
                        Rows before = earlier.tables.get(verdict.getKey());
                        return before == null
                                || !before.digest()
                                        .equals(now.tables.get(verdict.getKey()).digest());
                    })
                    .map(verdict -> now.tables.get(verdict.getKey()).table().quoted())
                    .toList();
        }
    }

    long oid(String name) {
        return tables.values().stream()
                .map(Rows::table)
                .filter(table -> table.name().equals(name))
                .mapToLong(Table::oid)
                .findFirst()
                .orElseThrow();
    }

    /** Backs up. */
    static SavedSource of(TestDatabase database) throws SQLException {
        return of(database, true, () -> {});
    }

    /**
     * Backs up.
     *
     * @param flushed whether it waits until the server has on its disk what it saw
     * @param meanwhile happens after the snapshot, and before anything else
     */
    static SavedSource of(TestDatabase database, boolean flushed, Meanwhile meanwhile) throws SQLException {
        try (Snapshot snapshot = Snapshot.export(DatabaseUrl.parse(database.url()))) {
            meanwhile.happens();
            SavedSource saved = read(database, snapshot);
            try (Connection connection = database.connect()) {
                if (flushed) {
                    // The log is written up to here, which the server would do by itself in a while.
                    database.run("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'x', 'x')");
                    if (!saved.state.awaitFlushed(connection, Duration.ofSeconds(30))) {
                        throw new IllegalStateException("not flushed: " + saved.state.gap());
                    }
                }
            }
            return saved;
        }
    }

    /** Backs up what isn't proved to be the same as in an earlier backup. */
    static Compared since(SavedSource earlier, TestDatabase database) throws SQLException {
        return since(earlier, database, database.url(), () -> {});
    }

    /** As a role. */
    static Compared since(SavedSource earlier, TestDatabase database, String url, Meanwhile meanwhile)
            throws SQLException {
        try (Snapshot snapshot = Snapshot.export(DatabaseUrl.parse(url));
                Connection session = Snapshot.importInto(DatabaseUrl.parse(url), snapshot.getId())) {
            SavedSource now = read(database, snapshot);
            Judgement judgement = Unchanged.judge(earlier.state, now.state, session);
            meanwhile.happens();
            Map<Long, @Nullable String> verdicts = new LinkedHashMap<>();
            for (Rows rows : now.tables.values()) {
                long oid = rows.table().oid();
                String reason = judgement.all() != null
                        ? judgement.all()
                        : judgement.others().get(oid);
                if (judgement.candidates().contains(oid)) {
                    boolean same = NewerRows.none(
                            session,
                            rows.table(),
                            earlier.state,
                            earlier.tables.get(oid).count(),
                            () -> {});
                    reason = same ? null : "rows";
                } else if (reason == null) {
                    throw new IllegalStateException("no reason for " + rows.table());
                }
                verdicts.put(oid, reason);
            }
            return new Compared(now, verdicts);
        }
    }

    private static SavedSource read(TestDatabase database, Snapshot snapshot) throws SQLException {
        Connection inSnapshot = snapshot.dataSource().getConnection();
        Witnesses witnesses;
        try (Connection connection = database.connect()) {
            witnesses = Witnesses.take(connection);
        }
        JdbcTemplate jdbc = new JdbcTemplate(snapshot.dataSource());
        try {
            List<Table> tables = jdbc.queryForList(Files.readString(Path.of("sql/backup/detect-tables.sql"))).stream()
                    .map(Table::of)
                    .toList();
            SourceState state = SourceState.read(inSnapshot, tables, witnesses);
            Map<Long, Rows> found = new LinkedHashMap<>();
            // Locks are released.
            jdbc.execute("SAVEPOINT rows");
            for (Table table : tables) {
                if (table.hasData()) {
                    found.put(table.oid(), rows(inSnapshot, jdbc, table));
                }
            }
            jdbc.execute("ROLLBACK TO SAVEPOINT rows");
            return new SavedSource(throughJson(state), found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceState throughJson(SourceState state) throws JsonProcessingException {
        return ManifestJson.mapper().readValue(ManifestJson.write(state), SourceState.class);
    }

    private static Rows rows(Connection connection, JdbcTemplate jdbc, Table table) throws SQLException, IOException {
        String columns = jdbc.queryForObject(COLUMNS, String.class, table.oid());
        String copy = "COPY " + table.quoted() + (columns == null ? "" : " (" + columns + ")") + " TO STDOUT";
        StringWriter text = new StringWriter();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy, text);
        List<String> lines = new ArrayList<>(Arrays.asList(text.toString().split("\n", -1)));
        long count = lines.size() - 1L;
        lines.sort(null);
        return new Rows(table, count, Sha256.of(copy + String.join("\n", lines)));
    }
}
