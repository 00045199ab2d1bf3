package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** A byte changes on the way from the store: what came damaged is read again, and only what comes so twice is damaged. */
class DamagedReadIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String WARNING = "arrived damaged from the store, and was read again";

    /** Larger than what is proven before it is given out. */
    private static final String ROWS = "db/app/tables/numbers/data.sql";

    private static TestDatabase source;
    private static TestStore store;
    private static String key;
    private static Map<String, long[]> places;
    private static Restoring restoring;

    private final TestDatabase target = SERVER.createDatabase();

    @BeforeAll
    static void backUp() throws IOException {
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        // Most changes of a digit make another number, some none at all.
                        "CREATE TABLE app.numbers AS SELECT n, md5(n::text) AS t FROM generate_series(1, 60000) n",
                        "CREATE TABLE app.small AS SELECT n, md5(n::text) AS t FROM generate_series(1, 100) n",
                        "SELECT lo_from_bytea(4711, string_agg(sha512(n::text::bytea), '')) FROM generate_series(1, 30000) n");
        store = TestStore.start();
        key = BactrianService.backUp(SERVER, source, store);
        places = places(store.download(key));
    }

    @AfterAll
    static void end() {
        if (restoring != null) {
            restoring.close();
        }
        store.close();
    }

    @AfterEach
    void nothingIsWrongAnyMore() {
        store.faults().clear();
    }

    private static Map<String, long[]> places(Path archive) throws IOException {
        Map<String, long[]> places = new HashMap<>();
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (ZipArchiveEntry entry : (Iterable<ZipArchiveEntry>) zip.getEntries()::asIterator) {
                places.put(entry.getName(), new long[] {entry.getDataOffset(), entry.getCompressedSize()});
            }
        }
        return places;
    }

    /** The next answers that hold the middle of an entry have another byte there. */
    private static void damage(String entry, int times) {
        long[] place = places.get(entry);
        long at = place[0] + place[1] / 2;
        Predicate<GetObjectRequest> which =
                request -> request.key().equals(key) && from(request) <= at && at <= to(request);
        // The answer begins where it was asked to.
        ThreadLocal<Long> begins = new ThreadLocal<>();
        store.faults()
                .damage(
                        request -> {
                            begins.set(from(request));
                            return which.test(request);
                        },
                        length -> at - begins.get(),
                        times);
    }

    private static long from(GetObjectRequest request) {
        return request.range() == null ? 0 : Long.parseLong(request.range().replaceFirst("bytes=(\\d+)-.*", "$1"));
    }

    private static long to(GetObjectRequest request) {
        String end = request.range() == null ? "" : request.range().replaceFirst("bytes=\\d+-", "");
        return end.isEmpty() ? Long.MAX_VALUE : Long.parseLong(end);
    }

    private Restoring.Result restore() {
        if (restoring != null) {
            restoring.close();
        }
        restoring = Restoring.into(target, store);
        return restoring.run(Restoring.everything(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ROWS,
                "db/app/tables/small/data.sql",
                "db/schema.dump",
                "db/roles.sql",
                "db/large-objects.dump",
                "manifest.json"
            })
    void whatCameDamagedOnceIsReadAgain(String entry) {
        // What reads the zip's directory reads the bytes before it, too, and doesn't use them.
        damage(entry, "manifest.json".equals(entry) ? 2 : 1);

        Restoring.Result result = restore();

        store.faults().requireMet();
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).contains(WARNING);
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests()).hasSize(2);
        assertThat(objects(target)).isEqualTo(objects(source)).isNotEmpty();
        assertThat(marks()).isZero();
    }

    @Test
    void whatComesDamagedTwiceIsDamagedAndTheSameCommandStartsOver() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("PG_BIN", SERVER.client().toString());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        damage(ROWS, 2);

        Run run = Run.bactrian(settings, "restore", key, "--to", "target");

        store.faults().requireMet();
        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(3);
        assertThat(run.out())
                .contains("The archive is damaged")
                .contains("the same restore starts over")
                .contains("rows of \"app\".\"numbers\"");
        assertThat(marks()).isPositive();

        Run again = Run.bactrian(settings, "restore", key, "--to", "target");

        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertThat(target.contentDigests()).isEqualTo(source.contentDigests()).hasSize(2);
        assertThat(marks()).isZero();
    }

    @Test
    void aVerificationReadsItAgain() {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        damage(ROWS, 1);

        Run run = Run.bactrian(settings, "verify", "--archive-only", key);

        store.faults().requireMet();
        assertThat(run.exit()).as(run.out() + run.err()).isZero();

        damage(ROWS, 2);

        Run damaged = Run.bactrian(settings, "verify", "--archive-only", key);

        store.faults().requireMet();
        assertThat(damaged.exit()).as(damaged.out() + damaged.err()).isEqualTo(1);
    }

    @Test
    void aStoredArchiveThatIsDamagedIsStillSaidToBe() throws IOException {
        byte[] bytes = store.get(store.bucket(), key).asByteArray();
        byte[] changed = bytes.clone();
        long[] place = places.get("db/app/tables/small/data.sql");
        changed[(int) (place[0] + place[1] / 2)] ^= 0x55;
        store.put(key, changed);
        try {
            Restoring.Result result = restore();

            assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.PARTIAL);
            assertThat(result.missing()).isEqualTo(List.of("rows of \"app\".\"small\""));
        } finally {
            store.put(key, bytes);
        }
    }

    private static List<String> objects(TestDatabase database) {
        return database.jdbc()
                .queryForList("SELECT oid || md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1", String.class);
    }

    private int marks() {
        return target.jdbc()
                .queryForObject("SELECT count(*) FROM pg_namespace WHERE nspname = 'bactrian_restore'", Integer.class);
    }
}
