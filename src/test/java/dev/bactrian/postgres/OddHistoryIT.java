package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history in the database that is saved, whose defaults are an application's. */
class OddHistoryIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;

    @BeforeAll
    static void start() {
        store = TestStore.start();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER DATABASE %1$s SET search_path = shop, extensions",
                "ALTER DATABASE %1$s SET search_path = ''",
                "ALTER ROLE %2$s IN DATABASE %1$s SET search_path = shop",
                "ALTER DATABASE %1$s SET default_transaction_read_only = on",
                "ALTER ROLE %2$s SET default_transaction_read_only = on",
                "ALTER DATABASE %1$s SET default_transaction_isolation = serializable",
                "ALTER DATABASE %1$s SET default_transaction_deferrable = on",
                "ALTER DATABASE %1$s SET idle_in_transaction_session_timeout = '10ms'",
                "ALTER DATABASE %1$s SET idle_session_timeout = '200ms'",
                "ALTER DATABASE %1$s SET client_encoding = 'LATIN1'",
                "ALTER DATABASE %1$s SET DateStyle = 'German'",
                "ALTER DATABASE %1$s SET row_security = off",
                "ALTER DATABASE %1$s SET standard_conforming_strings = off",
                "ALTER DATABASE %1$s SET transform_null_equals = on",
            })
    void itWorksWhateverTheyAre(String statement) {
        TestDatabase source = SERVER.createDatabase()
                .run("CREATE SCHEMA shop", "CREATE SCHEMA extensions", "CREATE TABLE shop.t AS SELECT 1 AS i");
        String role = "owner_" + source.name();
        source.run(
                "CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD 'x'",
                // One that the history must not be taken for.
                "CREATE TABLE shop.backup_history (i int)");
        source.run(statement.formatted(source.name(), role));
        String url = source.url(role, "x");

        try (BactrianService service = BactrianService.start(
                Map.of(
                        "DATABASE_URL",
                        url,
                        "CONTROL_DATABASE_URL",
                        url,
                        "PG_BIN",
                        SERVER.client().toString()),
                source,
                store)) {
            assertThat(service.goodBackUp().path("status").asText()).isEqualTo("success");
            assertThat(service.send("GET", "/api/backups", null).body()).contains("success");
            assertThat(service.send("PUT", "/api/settings", "{\"schedules\":{\"default\":\"0 0 4 * * ?\"}}")
                            .body())
                    .containsPattern("next_fire_time\"\\s*:\\s*\"2");
        }
    }
}
