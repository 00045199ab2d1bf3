package dev.bactrian.unchanged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that nothing was done to are proved the same, and those that something was done to aren't. */
class UnchangedIT {

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void whatWasNotTouchedIsTheSame(PostgresServer server) throws Exception {
        TestDatabase database = server.createDatabase()
                .run(
                        "CREATE TABLE still (i int, t text)",
                        "INSERT INTO still SELECT i, repeat('x', i) FROM generate_series(1, 1000) i",
                        "CREATE TABLE moved (i int); INSERT INTO moved VALUES (1)",
                        "CREATE TABLE blank (i int)");
        SavedSource earlier = SavedSource.of(database);
        database.run("UPDATE moved SET i = 2");

        SavedSource.Compared compared = SavedSource.since(earlier, database);

        assertThat(earlier.state().unprovable()).isNull();
        assertThat(compared.verdict("still")).isNull();
        assertThat(compared.verdict("blank")).isNull();
        assertThat(compared.verdict("moved")).isEqualTo("rows");
        assertThat(compared.wrong(earlier)).isEmpty();
    }
}
