package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.UnpackedArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that aren't UTF-8 come back byte by byte, whole and table by table. */
class EncodingsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    /** Text of bytes above 127 in whatever can hold some; as SQL_ASCII none of it is in any encoding. */
    private static final String SCRIPT =
            """
            CREATE TABLE letters (id int PRIMARY KEY, t text DEFAULT 'caf\u00e9' CHECK (t <> '\u00ff'));
            CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $\u00e9$SELECT '\u00fc -- $$'$\u00e9$;
            COMMENT ON TABLE letters IS 'Gr\u00f6\u00dfe \u00a7 \u00e9';
            CREATE INDEX by_letter ON letters (t) WHERE t <> '\u00c3\u00bf';
            INSERT INTO letters VALUES (1, '\u00e9'), (2, '\u00c3\u00a9'), (3, E'\u00ff\\n\\\\'), (4, '\u00a0 \u00fe');
            """;

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
    void everyByteComesBack(String encoding) throws IOException {
        TestDatabase source = SERVER.createDatabase(encoding);
        load(source, encoding, SCRIPT);

        UnpackedArchive archive = UnpackedArchive.of(SERVER, source);

        TestDatabase whole = SERVER.createDatabase(encoding);
        for (String command : archive.commands(UnpackedArchive.EVERYTHING)) {
            // Roles of this server are there already.
            if (!command.contains("roles.sql")) {
                Run run = archive.run(whole, command);
                assertThat(run.exit()).as(command + run.err()).isZero();
            }
        }
        assertSame(source, whole, List.of());

        TestDatabase table = SERVER.createDatabase(encoding);
        for (String command : archive.commands(UnpackedArchive.ONE_TABLE)) {
            Run run = archive.run(table, command.replace("<schema>", "public").replace("<table>", "letters"));
            assertThat(run.exit()).as(command + run.err()).isZero();
        }
        assertSame(source, table, List.of("--table=letters"));
    }

    /** By the driver, which speaks UTF-8 alone. */
    @Test
    void aRestoreBringsBackBytesThatAreNoText() throws IOException {
        TestDatabase source = SERVER.createDatabase("SQL_ASCII");
        load(source, "SQL_ASCII", SCRIPT + "CREATE TABLE plain (i int);");
        TestDatabase same = SERVER.createDatabase("SQL_ASCII");
        TestDatabase text = SERVER.createDatabase("UTF8");
        try (TestStore store = TestStore.start();
                BactrianService service =
                        BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            String key = service.goodBackUp().path("s3_key").asText();

            try (Restoring restoring = Restoring.into(same, store)) {
                Restoring.Result whole = restoring.run(Restoring.everything(key));
                assertThat(whole.outcome()).as(whole.told()).isEqualTo(Outcome.SUCCESS);
                assertSame(source, same, List.of());

                same.run("UPDATE letters SET t = 'x' WHERE id = 3");
                Restoring.Result replaced = restoring.run(
                        Restoring.tables(key, List.of("public.letters"), Option.DATA_ONLY, Option.TRUNCATE));
                assertThat(replaced.outcome()).as(replaced.told()).isEqualTo(Outcome.SUCCESS);
                assertSame(source, same, List.of());
            }
            // What it can't hold is named, and nothing else is put in its place.
            try (Restoring restoring = Restoring.into(text, store)) {
                Restoring.Result part = restoring.run(Restoring.everything(key));
                assertThat(part.outcome()).as(part.told()).isEqualTo(Outcome.PARTIAL);
                assertThat(part.missing()).contains("FUNCTION public.f()", "TABLE public.letters");
            }
        }
    }

    /** Names go through Java's text: rather no backup than one in which a table's name is another. */
    @Test
    void aNameThatIsNoTextIsRefusedWithARemedy() throws IOException {
        TestDatabase source = SERVER.createDatabase("SQL_ASCII");
        load(source, "SQL_ASCII", "CREATE TABLE \"caf\u00e9\" (id int);");
        try (TestStore store = TestStore.start();
                BactrianService service =
                        BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            JsonNode row = service.backUp();

            assertThat(row.path("status").asText()).isEqualTo("failed");
            assertThat(row.path("error_text").asText()).contains("a name that isn't valid UTF-8", "Rename");
        }
    }

    private static void load(TestDatabase database, String encoding, String sql) throws IOException {
        Path script = TemporaryFiles.file("letters", ".sql");
        Files.writeString(script, "SET client_encoding = '" + encoding + "';\n" + sql, StandardCharsets.ISO_8859_1);
        Run load = EveryKind.psql(Path.of("."), SERVER, database, " -f " + script);
        assertThat(load.exit()).as(load.err()).isZero();
    }

    private static void assertSame(TestDatabase source, TestDatabase target, List<String> options) {
        assertThat(EveryKind.differences(
                        EveryKind.definitions(SERVER, source, options), EveryKind.definitions(SERVER, target, options)))
                .isEmpty();
        // Not by a cast to bytea, which would take a backslash for the begin of an escape.
        String bytes =
                "SELECT string_agg(id || ' ' || encode(convert_to(t, getdatabaseencoding()), 'hex'), ',' ORDER BY id)"
                        + " FROM letters";
        assertThat(target.jdbc().queryForObject(bytes, String.class))
                .isEqualTo(source.jdbc().queryForObject(bytes, String.class))
                .contains("1 e9,2 c3a9,3 ff");
    }
}
