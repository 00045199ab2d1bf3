package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each thing that may happen to a table between two backups, and whether the second takes the rows of the first. */
class UnchangedIT {

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void whatIsProvedIsTheSame(PostgresServer version) throws Exception {
        List<Case> cases = Case.all();
        try (EmbeddedPostgres server = version.start(0, List.of("max_prepared_transactions", "10"));
                Connection other = new TestDatabase(server.getPort(), "postgres").connect();
                Statement open = other.createStatement()) {
            TestDatabase database = new TestDatabase(server.getPort(), "postgres");
            run(database, cases.stream().map(Case::before));
            for (Case one : cases) {
                for (String sql : one.open()) {
                    open.execute(sql);
                }
            }
            // There are transactions that began later and have ended.
            database.run("SELECT txid_current()");
            SavedSource earlier = SavedSource.of(database);
            open.execute("COMMIT");
            run(database, cases.stream().map(Case::then));

            SavedSource.Compared compared = SavedSource.since(earlier, database);

            assertThat(earlier.state().unprovable()).isNull();
            assertThat(compared.wrong(earlier)).isEmpty();
            List<String> otherwise = new ArrayList<>();
            for (Case one : cases) {
                String verdict = compared.verdict(one.table());
                if (!isAsExpected(one, verdict, earlier, compared)) {
                    otherwise.add(one.table() + " should be " + one.fate() + ", but: " + verdict);
                }
            }
            assertThat(otherwise).isEmpty();
        }
    }

    private static void run(TestDatabase database, Stream<List<String>> statements) {
        database.run(statements.flatMap(List::stream).toArray(String[]::new));
    }

    private static boolean isAsExpected(
            Case one, @Nullable String verdict, SavedSource earlier, SavedSource.Compared compared) {
        long oid = compared.now().oid(one.table());
        SavedSource.Rows before = earlier.tables().get(oid);
        boolean alike = before != null
                && before.digest().equals(compared.now().tables().get(oid).digest());
        return switch (one.fate()) {
            case "same" -> verdict == null;
            case "doubt" -> verdict != null;
            case "read" -> verdict != null && !alike;
            case "never" -> verdict != null && verdict.startsWith("it has values that print names");
            default -> throw new IllegalArgumentException(one.fate());
        };
    }
}
