package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What BACKUP_FORMATS adds shows the same instant as the tables, or the backup fails: it is read after all of them. */
class ChangedFormatsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private static HeldBackup backups;

    @BeforeAll
    static void start() throws IOException {
        backups = new HeldBackup(Map.of("BACKUP_FORMATS", "tables,dump,sql"));
    }

    @AfterAll
    static void stop() throws IOException {
        backups.close();
    }

    static Stream<Change> formats() {
        return Change.of("formats.sql");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void formats(Change change) throws Exception {
        Optional<HeldBackup.Success> success = backups.check(change);
        if (success.isPresent()) {
            Map<String, List<String>> rows =
                    new TreeMap<>(success.get().instant().rows());
            assertEqual(
                    rows,
                    success.get().archive(),
                    "psql -X -q -o /dev/null -v ON_ERROR_STOP=1 \"$TARGET\" -f db/backup.sql");
            // Those of a schema hold no large objects; and the schema public is there already.
            rows.put(Content.LARGE_OBJECTS, List.of());
            assertEqual(
                    rows,
                    success.get().archive(),
                    "for dump in db/*/*_schema_*.dump; do pg_restore --dbname=\"$TARGET\" $dump || true; done");
        }
    }

    private static void assertEqual(Map<String, List<String>> rows, Path archive, String command) {
        Path folder = BactrianService.temporaryFolder();
        TestDatabase target = SERVER.createDatabase();
        Run run = Run.shell(
                folder,
                Map.of("PATH", SERVER.client().toString(), "TARGET", target.url()),
                "unzip -q " + archive + " && " + command);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(Content.differences(rows, Content.rows(target.jdbc())))
                .as(command)
                .isEmpty();
    }
}
