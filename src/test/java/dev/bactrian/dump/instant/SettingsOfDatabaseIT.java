package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever a database, a role or a server sets for its sessions: a backup holds the same text, and the same comes back. */
class SettingsOfDatabaseIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;
    private static TestDatabase source;
    private static EmbeddedPostgres other;
    private static JsonNode plain;
    private static JsonNode odd;

    @BeforeAll
    static void backUpTwice() throws IOException {
        store = TestStore.start();
        other = SERVER.start(0);
        source = EveryKind.in(SERVER)
                .run(
                        "CREATE TABLE public.settings (m money DEFAULT 12.34, b bytea DEFAULT '\\x5c00', a text[] DEFAULT ARRAY['NULL', NULL],"
                                + " f float8, i interval, ts timestamptz DEFAULT '2020-01-02 03:04:05+00', d date, x xml, r regclass,"
                                + " t text DEFAULT 'a\\b' CHECK (t <> 'c\\d'))",
                        "COMMENT ON TABLE public.settings IS 'e\\f'",
                        "CREATE POLICY own ON public.settings USING (t <> 'g\\h' OR m > '5.67'::money)",
                        "CREATE FUNCTION public.is_null(int) RETURNS bool LANGUAGE sql AS 'SELECT $1 = NULL AND ''\\i'' <> ''j'''",
                        "CREATE VIEW public.of_settings AS SELECT t ~ '^\\d+$' AS digits, 'k\\\\l'::bytea AS bytes, '9.99'::money AS m,"
                                + " '1 day -02:00'::interval AS i, 0.1::float8 AS f FROM public.settings",
                        "INSERT INTO public.settings VALUES (-56.78, 'a\\\\b', ARRAY['null', NULL, 'x\\y'], 0.1::float8 + 0.2,"
                                + " '-1 days +02:03:04.5', '1999-12-31 23:59:59.5+05:30', '2001-02-03', 'a<b/>c', 'kinds.parent', 'm\\n')",
                        // Read by psql, in parts; what autovacuum adds to a table would count as its size.
                        "CREATE TABLE public.large WITH (autovacuum_enabled = off) AS SELECT s.*, n AS \"n:m\""
                                + " FROM public.settings s, generate_series(1, 20000) n");
        plain = backUp();
        List<String> given = OddSettings.give(source);
        assertThat(given).hasSizeGreaterThan(60).anySatisfy(sql -> assertThat(sql)
                .contains("standard_conforming_strings = 'off'"));
        odd = backUp();
    }

    @AfterAll
    static void end() throws IOException {
        other.close();
        store.close();
    }

    private static JsonNode backUp() {
        Map<String, String> settings = new TreeMap<>(SERVER.settings(source));
        settings.put("BACKUP_SPLIT_ABOVE", "1MB");
        try (BactrianService service = BactrianService.start(settings, SERVER.createDatabase(), store)) {
            return service.goodBackUp();
        }
    }

    /** Entry by entry, but for the definitions' dump, which holds its time: that is compared as the text that it gives. */
    private static Map<String, String> contents(JsonNode row) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (ZipFile zip =
                new ZipFile(store.download(row.path("s3_key").asText()).toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith("schema.dump")) {
                    texts.put(entry.getName(), script(bytes));
                } else if (entry.getName().endsWith(".sql")) {
                    texts.put(entry.getName(), withoutToken(new String(bytes, StandardCharsets.ISO_8859_1)));
                }
            }
        }
        return texts;
    }

    private static String script(byte[] dump) throws IOException {
        Path file = TemporaryFiles.file("schema", ".dump");
        Files.write(file, dump);
        Run run = Run.program(List.of(SERVER.client().resolve("pg_restore").toString(), "--file=-", file.toString()));
        assertThat(run.exit()).as(run.err()).isZero();
        return withoutToken(run.out());
    }

    private static String withoutToken(String script) {
        return script.lines()
                .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aSourcesSettingsChangeNoLetterOfABackup() throws IOException {
        Map<String, String> expected = contents(plain);
        Map<String, String> found = contents(odd);

        assertThat(found.keySet())
                .isEqualTo(expected.keySet())
                .hasSizeGreaterThan(200)
                .contains("db/public/tables/large/data.0002.sql");
        expected.forEach((entry, text) -> assertThat(EveryKind.differences(
                        text.lines().toList(), found.get(entry).lines().toList()))
                .as(entry)
                .isEmpty());
    }

    @Test
    void aTargetsSettingsChangeNothingOfWhatComesBack() {
        TestDatabase target = target("odd_target");
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("PG_BIN", SERVER.client().toString()))) {
            Restoring.Result result =
                    restoring.run(Restoring.everything(odd.path("s3_key").asText()));

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        }
        assertSameAsSource(target);
    }

    /** By psql and pg_restore, in sessions that nobody of ours has set up. */
    @Test
    void norByHand() throws IOException {
        TestDatabase target = target("odd_by_hand")
                // By it the server would store the options of text search dictionaries in quotes, which harms nothing.
                .run("ALTER DATABASE odd_by_hand RESET quote_all_identifiers");
        OddSettings.takeBack(source);
        UnpackedArchive archive = UnpackedArchive.of(SERVER, source);
        OddSettings.give(source);
        for (String command : archive.commands(UnpackedArchive.EVERYTHING)) {
            archive.run(target, command);
        }
        assertSameAsSource(target);
    }

    private static TestDatabase target(String name) {
        new TestDatabase(other.getPort(), "postgres").run("CREATE DATABASE " + name + " TEMPLATE template0");
        TestDatabase target = new TestDatabase(other.getPort(), name);
        OddSettings.give(target);
        return target;
    }

    private static void assertSameAsSource(TestDatabase target) {
        OddSettings.takeBack(target);
        OddSettings.takeBack(source);
        try {
            assertThat(EveryKind.differences(
                            EveryKind.definitions(SERVER, source, List.of()),
                            EveryKind.definitions(SERVER, target, List.of())))
                    .isEmpty();
            assertThat(target.rowCounts()).isEqualTo(source.rowCounts()).hasSizeGreaterThan(90);
            assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
            String rows = "SELECT s::text AS row, a[2] IS NULL AS without FROM settings s";
            assertThat(target.jdbc().queryForList(rows)).isEqualTo(source.jdbc().queryForList(rows));
        } finally {
            OddSettings.give(source);
        }
    }
}
