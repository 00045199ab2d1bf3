package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.ManifestFormat;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an archive of any format held comes back for ever: as if the script that it was made of were loaded anew. */
class GoldenRestoreIT {

    private static final Path FOLDER = Path.of("src/test/resources/golden").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, ManifestFormat.NEWEST})
    void itComesBack(int format) throws IOException {
        PostgresServer server = PostgresServer.V15;
        try (TestStore store = TestStore.start();
                EmbeddedPostgres other = server.start(0)) {
            TestDatabase postgres = new TestDatabase(other.getPort(), "postgres")
                    .run("CREATE DATABASE source TEMPLATE template0", "CREATE DATABASE target TEMPLATE template0");
            TestDatabase target = new TestDatabase(other.getPort(), "target");
            try (Restoring restoring = Restoring.into(target, store)) {
                Restoring.Result result = restoring.run(Restoring.everything(
                        FOLDER.resolve("archive-v" + format + ".zip").toString()));
                assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
            }
            TestDatabase source = new TestDatabase(postgres.port(), "source");
            // The roles are there already: the restore made them.
            Run run = EveryKind.psql(FOLDER, server, source, " -v ON_ERROR_STOP=0 -f archive-v1.sql");

            assertThat(EveryKind.differences(
                            EveryKind.definitions(server, source, List.of()),
                            EveryKind.definitions(server, target, List.of())))
                    .as(run.err())
                    .isEmpty();
            assertThat(target.contentDigests())
                    .isEqualTo(source.contentDigests())
                    .hasSizeGreaterThan(3);
        }
    }
}
