package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * A damaged archive never restores silently wrong: it is refused with nothing changed, or the report names what is
 * missing and everything else is right, or the damage is where nothing is read and all comes back. How many places are
 * tried: {@code -Dbactrian.damage.flips} and {@code -Dbactrian.damage.truncations}.
 */
class DamageIT {

    private static final long SEED = 20261121;
    private static final int FLIPS = Integer.getInteger("bactrian.damage.flips", 32);
    private static final int TRUNCATIONS = Integer.getInteger("bactrian.damage.truncations", 10);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final PostgresServer SERVER = PostgresServer.V17;

    private static TestStore store;
    private static Restoring restoring;
    private static byte[] archive;
    private static Content whole;
    private static int counter;

    @BeforeAll
    static void backUp() throws IOException {
        TestDatabase source = SERVER.createDatabase()
                .run(
                        "DO $$ BEGIN CREATE ROLE damage_clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.customer (id serial PRIMARY KEY, name text)",
                        "INSERT INTO app.customer (name) SELECT md5(n::text) FROM generate_series(1, 300) n",
                        "CREATE TABLE app.invoice (id int PRIMARY KEY, customer int REFERENCES app.customer, note text)",
                        "INSERT INTO app.invoice SELECT n, 1 + n % 300, md5(n::text) FROM generate_series(1, 900) n",
                        "CREATE INDEX invoice_by_note ON app.invoice (lower(note))",
                        "CREATE VIEW app.last AS SELECT max(id) FROM app.invoice",
                        "CREATE MATERIALIZED VIEW app.sums AS SELECT customer, count(*) AS n FROM app.invoice GROUP BY 1",
                        "CREATE SEQUENCE app.number START 77",
                        "SELECT nextval('app.number')",
                        "CREATE TABLE app.empty (id int)",
                        "GRANT SELECT ON app.invoice TO damage_clerk",
                        "SELECT lo_from_bytea(0, convert_to(string_agg(md5(n::text), ''), 'UTF8')) FROM generate_series(1, 200) n");
        store = TestStore.start();
        try (BactrianService service = BactrianService.start(SERVER.settings(source), SERVER.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            archive = Files.readAllBytes(store.download(row.path("s3_key").asText()));
        }
        whole = Content.of(source);
        restoring = Restoring.into(new TestDatabase(SERVER.port(), "postgres"), store);
    }

    @AfterAll
    static void end() {
        restoring.close();
        store.close();
    }

    /** All that a restore brings back. */
    private record Content(
            Map<String, Long> rows,
            Map<String, Long> digests,
            List<String> definitions,
            List<String> sequences,
            List<String> objects,
            List<String> view) {

        static Content of(TestDatabase database) {
            return new Content(
                    database.rowCounts(),
                    database.contentDigests(),
                    EveryKind.definitions(SERVER, database, List.of("--exclude-schema=bactrian_restore")),
                    texts(
                            database,
                            "SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences ORDER BY 1"),
                    texts(database, "SELECT oid || md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1"),
                    texts(database, "SELECT s::text FROM app.sums s ORDER BY 1"));
        }

        private static List<String> texts(TestDatabase database, String query) {
            return database.jdbc().queryForList(query, String.class);
        }
    }

    @Test
    void theUndamagedArchiveIsRestoredWhole() throws IOException {
        assertThat(judge("nothing", archive)).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void aFlippedByteIsFoundOrIsWhereNothingIsRead(TestReporter reporter) throws IOException {
        Random random = new Random(SEED);
        Map<String, List<Integer>> regions = regions();
        List<String> names = List.copyOf(regions.keySet());
        Map<String, Integer> tally = new TreeMap<>();
        for (int i = 0; i < FLIPS; i++) {
            String region = names.get(i % names.size());
            List<Integer> bytes = regions.get(region);
            int at = bytes.get(random.nextInt(bytes.size()));
            int bit = random.nextInt(8);
            byte[] copy = archive.clone();
            copy[at] ^= (byte) (1 << bit);
            Outcome outcome = judge("bit " + bit + " of byte " + at + " in " + region, copy);
            tally.merge(region + " " + outcome, 1, Integer::sum);
        }
        reporter.publishEntry("flips", tally.toString());
        assertThat(tally.keySet()).anyMatch(what -> what.endsWith("FAILED")).anyMatch(what -> what.endsWith("PARTIAL"));
        assertThat(tally).doesNotContainKeys("manifest.json SUCCESS", "db/schema.dump SUCCESS", "rows SUCCESS");
    }

    @Test
    void aTruncatedArchiveIsRefused(TestReporter reporter) throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < TRUNCATIONS; i++) {
            int length =
                    switch (i % 5) {
                        case 0 -> archive.length - 1 - random.nextInt(22);
                        case 1 -> archive.length - 22 - random.nextInt(500);
                        case 2 -> random.nextInt(100) * (i / 5);
                        default -> random.nextInt(archive.length);
                    };
            assertThat(judge("cut to " + length, Arrays.copyOf(archive, length)))
                    .as("cut to %d of %d", length, archive.length)
                    .isEqualTo(Outcome.FAILED);
        }
        reporter.publishEntry("truncations", TRUNCATIONS + " refused");
    }

    /** Where each byte of the archive belongs, so that small parts are hit as often as large ones. */
    private static Map<String, List<Integer>> regions() throws IOException {
        Map<String, List<Integer>> regions = new TreeMap<>();
        Set<Integer> taken = new java.util.HashSet<>();
        Path file = TemporaryFiles.file("damage", ".zip");
        Files.write(file, archive);
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                String name =
                        entry.getName().replaceFirst(".*/data.sql", "rows").replaceFirst(".*/schema.sql", "text");
                int data = (int) entry.getDataOffset();
                add(regions, taken, "header", (int) entry.getLocalHeaderOffset(), data);
                add(regions, taken, name, data, data + (int) entry.getCompressedSize());
            }
        }
        Files.delete(file);
        int last = Collections.max(taken);
        add(regions, taken, "directory", last + 1, archive.length);
        // Not what the reader needs at all.
        regions.remove("README.txt");
        regions.remove("text");
        return regions;
    }

    private static void add(Map<String, List<Integer>> regions, Set<Integer> taken, String name, int from, int to) {
        for (int at = from; at < to; at++) {
            regions.computeIfAbsent(name, key -> new ArrayList<>()).add(at);
            taken.add(at);
        }
    }

    private static Outcome judge(String damage, byte[] bytes) throws IOException {
        Path file = TemporaryFiles.file("damaged", ".zip");
        Files.write(file, bytes);
        TestDatabase target = new TestDatabase(
                SERVER.port(),
                "damage" + ++counter + "_" + ProcessHandle.current().pid());
        RestoreRequest request = new RestoreRequest(
                UUID.randomUUID(), file.toString(), "target", target.name(), List.of(), List.of(), null, Set.of());
        try {
            Restoring.Result result =
                    Assertions.assertTimeoutPreemptively(LONGEST, () -> restoring.run(request), damage);
            requireHonest(damage, result, target);
            return result.outcome();
        } finally {
            Files.delete(file);
            new TestDatabase(SERVER.port(), "postgres").run("DROP DATABASE IF EXISTS " + target.name());
        }
    }

    private static void requireHonest(String damage, Restoring.Result result, TestDatabase target) {
        String told = damage + ": " + result.told();
        assertThat(result.told()).as(told).doesNotContain("Exception", "The step ");
        if (result.outcome() == Outcome.FAILED) {
            assertThat(result.told()).as(told).contains("Nothing was changed");
            assertThat(databases()).as(told).doesNotContain(target.name());
            return;
        }
        Content restored = Content.of(target);
        if (result.outcome() == Outcome.SUCCESS) {
            assertThat(restored).as(told).isEqualTo(whole);
            return;
        }
        List<String> missing = result.missing();
        Set<String> wrong = whole.digests().keySet().stream()
                .filter(table -> !whole.digests()
                                .get(table)
                                .equals(restored.digests().get(table))
                        || !whole.rows().get(table).equals(restored.rows().get(table)))
                .collect(Collectors.toSet());
        for (String table : wrong) {
            assertThat(missing).as(told).contains("rows of \"" + table.replace(".", "\".\"") + "\"");
        }
        for (String line : EveryKind.differences(whole.definitions(), restored.definitions())) {
            // A foreign key can't be made when the rows it refers to are missing.
            assertThat(missing).as(told + line).contains("FK CONSTRAINT app.invoice invoice_customer_fkey");
        }
        require(whole.view().equals(restored.view()) || wrong.contains("app.invoice"), told);
        require(whole.sequences().equals(restored.sequences()) || missing.contains("values of sequences"), told);
        require(whole.objects().equals(restored.objects()) || missing.contains("large objects"), told);
        assertThat(missing).as(told).isNotEmpty();
    }

    private static void require(boolean honest, String told) {
        assertThat(honest).as(told).isTrue();
    }

    private static List<String> databases() {
        return new TestDatabase(SERVER.port(), "postgres")
                .jdbc()
                .queryForList("SELECT datname FROM pg_database", String.class);
    }
}
