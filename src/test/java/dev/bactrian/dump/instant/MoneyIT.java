package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An amount of money comes back as the same amount, wherever the point is in its text here and there. */
class MoneyIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static MoneyServer server;
    private static TestStore store;

    @BeforeAll
    static void start() {
        server = new MoneyServer(SERVER);
        store = TestStore.start();
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"odd,C", "C,odd", "odd,odd"})
    void anAmountStaysWhatItIs(String from, String to) {
        String names = (from + "_" + to).toLowerCase(Locale.ROOT);
        TestDatabase source = server.database("from_" + names)
                .run(
                        "SET lc_monetary = 'C'; CREATE TABLE price (m money DEFAULT '12.34'::money)",
                        "INSERT INTO price VALUES (56.78::numeric::money), ((-1234567.89)::numeric::money)",
                        "CREATE VIEW dear AS SELECT * FROM price WHERE m > '9.99'::money");
        set(source, from);
        TestDatabase target = server.database("to_" + names);
        set(target, to);
        String key;
        try (BactrianService service = BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
            assertThat(service.manifest(row.path("id").asText()).source().moneyLocale())
                    .isEqualTo("C");
        }
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(Restoring.everything(key));
            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        target.run("INSERT INTO price DEFAULT VALUES");

        assertThat(amounts(target, "price")).isEqualTo("-1234567.89 12.34 56.78");
        assertThat(amounts(target, "dear")).isEqualTo("12.34 56.78");
        assertThat(verified(key)).contains("proven");
    }

    private static void set(TestDatabase database, String locale) {
        database.run("ALTER DATABASE " + database.name() + " SET lc_monetary = '" + locale + "'");
    }

    /** Read under C, in which the point is where it was when they were made. */
    private static String amounts(TestDatabase database, String table) {
        Run run = Run.program(List.of(
                SERVER.client().resolve("psql").toString(),
                "-XAtc",
                "SET lc_monetary = 'C'",
                "-c",
                "SELECT string_agg(m::numeric::text, ' ' ORDER BY m) FROM " + table,
                database.url()));
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replace("SET\n", "").strip();
    }

    private static String verified(String key) {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put(
                "VERIFY_DATABASE_URL",
                server.database("verify_" + Math.abs(key.hashCode())).url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        Run run = Run.bactrian(settings, "verify", key);
        return run.out() + run.err();
    }
}
