package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.TestExtension;
import dev.bactrian.testing.stores.TestStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Definitions that are there with their saved text, and mean something else: the target's release of an extension doesn't have
 * an operator, so that PostgreSQL's own is taken, without an error.
 */
class OtherMeaningIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String EXTENSION = "bactrian_test_pairs";
    private static final String TYPE =
            """
            CREATE TYPE @extschema@.pair AS (x int, y text);
            CREATE FUNCTION @extschema@.same_y(@extschema@.pair, @extschema@.pair) RETURNS bool LANGUAGE sql IMMUTABLE
                AS 'SELECT pg_catalog.lower(($1).y) OPERATOR(pg_catalog.=) pg_catalog.lower(($2).y)';
            """;
    private static final String OPERATOR =
            """
            CREATE OPERATOR @extschema@.= (
                FUNCTION = @extschema@.same_y, LEFTARG = @extschema@.pair, RIGHTARG = @extschema@.pair);
            """;
    private static final List<String> OTHERS = List.of(
            "view app.same",
            "constraint pairs_check of app.pairs",
            "default or expression of column same of app.pairs",
            "index pairs_index of app.pairs",
            "policy same of app.pairs",
            "trigger same of app.pairs");

    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        TestExtension.install(SERVER, EXTENSION, TYPE + OPERATOR);
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA \"Pair s\"",
                        "CREATE EXTENSION " + EXTENSION + " SCHEMA \"Pair s\"",
                        "CREATE SCHEMA app",
                        "SET search_path = \"Pair s\", pg_catalog",
                        "CREATE TABLE app.pairs (a pair, b pair, c text, same bool GENERATED ALWAYS AS (nullif(a, b) IS NULL) STORED,"
                                + " CONSTRAINT pairs_check CHECK (nullif(a, b) IS NULL))",
                        "CREATE VIEW app.same AS SELECT nullif(a, b) IS NULL AS same FROM app.pairs",
                        "CREATE VIEW app.other AS SELECT nullif(c, 'x') AS c FROM app.pairs",
                        "CREATE INDEX pairs_index ON app.pairs (c) WHERE nullif(a, b) IS NULL",
                        "CREATE POLICY same ON app.pairs USING (nullif(a, b) IS NULL)",
                        "CREATE FUNCTION app.fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER same BEFORE UPDATE ON app.pairs FOR EACH ROW WHEN (nullif(OLD.a, NEW.a) IS NULL)"
                                + " EXECUTE FUNCTION app.fired()");
        store = TestStore.start();
        key = BactrianService.backUp(SERVER, source, store);
    }

    @AfterAll
    static void end() {
        store.close();
    }

    @Test
    void theSameReleaseOfTheExtensionGivesTheSameMeaning() {
        TestExtension.install(SERVER, EXTENSION, TYPE + OPERATOR);
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(Restoring.everything(key));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void whatMeansSomethingElseIsListed() {
        TestExtension.install(SERVER, EXTENSION, TYPE);
        TestDatabase target = SERVER.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(Restoring.everything(key));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
            assertThat(result.told()).contains(OTHERS).doesNotContain("app.other");
        }
    }

    @Test
    void verifyNeverCallsThatProven() {
        TestExtension.install(SERVER, EXTENSION, TYPE);
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(SERVER.settings(source));
        settings.put("VERIFY_DATABASE_URL", SERVER.createDatabase().url());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

        Run verify = Run.bactrian(settings, "verify", key);

        assertThat(verify.exit()).as(verify.out() + verify.err()).isEqualTo(1);
        assertThat(verify.out())
                .as(verify.err())
                .contains("view app.same couldn't be restored: It exists, but means something else: it uses "
                        + "PostgreSQL's own"
                        + " instead of operator Pair s.=(\"Pair s\".pair, \"Pair s\".pair) of extension "
                        + EXTENSION);
    }
}
