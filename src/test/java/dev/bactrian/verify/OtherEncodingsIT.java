package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neither letters of a database's encoding nor settings of its sessions make its backup another one. */
class OtherEncodingsIT {

    private static final PostgresServer SERVER = PostgresServer.V15;

    /** What all databases of a server share is in the encoding of whichever wrote it: none of other tests' is here. */
    private static EmbeddedPostgres own;

    @BeforeAll
    static void start() {
        own = SERVER.start(0);
    }

    @AfterAll
    static void stop() throws IOException {
        own.close();
    }

    private static TestDatabase inOwn(String encoding) {
        String name = "of_" + encoding.toLowerCase(Locale.ROOT);
        new TestDatabase(own.getPort(), "postgres")
                .run("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING '" + encoding
                        + "' LC_COLLATE 'C' LC_CTYPE 'C'");
        return new TestDatabase(own.getPort(), name);
    }

    @ParameterizedTest
    @CsvSource({"LATIN1, é", "EUC_JP, 日本"})
    void namesAndTextsAreProven(String encoding, String name) {
        TestDatabase source = inOwn(encoding);
        String table = "\"s" + name + "\".\"t" + name + "\"";
        source.run(
                "CREATE SCHEMA \"s" + name + "\"",
                "CREATE TABLE " + table + " (id int, \"c" + name + "\" varchar CHECK (\"c" + name + "\" IN ('" + name
                        + "', 'b')), raw bytea DEFAULT '\\x00ff'::bytea)",
                "CREATE INDEX \"i" + name + "\" ON " + table + " (id) WHERE \"c" + name + "\" <> '" + name + "'",
                "CREATE VIEW \"s" + name + "\".\"v" + name + "\" AS SELECT E'" + name + "\\\\n' AS x FROM " + table
                        + " WHERE id BETWEEN 1 AND 2 AND id <> 5",
                "CREATE FUNCTION \"s" + name + "\".\"f" + name + "\"() RETURNS text LANGUAGE sql AS $$SELECT '" + name
                        + "'$$",
                "CREATE POLICY \"p" + name + "\" ON " + table + " USING (\"c" + name + "\" IN ('" + name + "', 'b'))",
                "COMMENT ON TABLE " + table + " IS '" + name + "'",
                "INSERT INTO " + table + " VALUES (1, '" + name + "')");
        // Only now: a backslash in the statements above would mean something else.
        for (String setting : new String[] {
            "bytea_output = 'escape'",
            "standard_conforming_strings = off",
            "quote_all_identifiers = on",
            "search_path = 's" + name + "', public"
        }) {
            source.run("ALTER DATABASE " + source.name() + " SET " + setting);
        }
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(SERVER.settings(source));
            settings.put("CONTROL_DATABASE_URL", SERVER.createDatabase().url());
            settings.put("VERIFY_DATABASE_URL", new TestDatabase(source.port(), "postgres").url());
            settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
            Run backup = Run.bactrian(settings, "backup");
            assertThat(backup.exit()).as(backup.out() + backup.err()).isZero();

            Run verify = Run.bactrian(settings, "verify", "latest");

            assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
            assertThat(verify.out()).contains("proven");
        }
    }
}
