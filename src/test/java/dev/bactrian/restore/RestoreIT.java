package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database with every kind of object comes back by one command, on the same and on newer servers. */
class RestoreIT {

    @ParameterizedTest
    @CsvSource({"V15,V17,id", "V17,V18,file"})
    void everythingComesBack(PostgresServer from, PostgresServer to, String named) throws IOException {
        TestDatabase source = EveryKind.in(from);
        TestDatabase control = from.createDatabase();
        try (TestStore store = TestStore.start();
                EmbeddedPostgres other = to.start(0)) {
            JsonNode row = backUp(from, source, control, store);
            String backup =
                    switch (named) {
                        case "latest" -> "latest";
                        case "file" ->
                            store.download(row.path("s3_key").asText()).toString();
                        default -> row.path(named).asText();
                    };
            TestDatabase target = new TestDatabase(other.getPort(), "restored");
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.put("DATABASE_URL_NEW", new TestDatabase(other.getPort(), "postgres").url());
            settings.put("PG_BIN", to.client().toString());
            settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());

            // All that there is on a new machine: the bucket, and a server. No history, no control database.
            Run run = Run.bactrian(settings, "restore", backup, "--to", "new", "--create-database", "restored");

            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            // Newer servers print views differently: the measure is what PostgreSQL's own programs make of it there.
            TestDatabase measure = from == to ? source : movedByItsOwnPrograms(from, source, to, other.getPort());
            assertThat(EveryKind.differences(
                            EveryKind.definitions(to, measure, List.of()),
                            EveryKind.definitions(to, target, List.of())))
                    .isEmpty();
            assertThat(target.rowCounts()).isEqualTo(source.rowCounts()).hasSizeGreaterThan(90);
            assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        }
    }

    private static TestDatabase movedByItsOwnPrograms(
            PostgresServer from, TestDatabase source, PostgresServer to, int port) {
        new TestDatabase(port, "postgres").run("CREATE DATABASE measure TEMPLATE template0");
        TestDatabase measure = new TestDatabase(port, "measure");
        Run.shell(
                Path.of("."),
                Map.of("PATH", to.client().toString(), "SOURCE", source.url(), "TARGET", measure.url()),
                from.client() + "/pg_dump --schema-only -Fc \"$SOURCE\" | pg_restore --dbname \"$TARGET\"");
        return measure;
    }

    private static JsonNode backUp(PostgresServer server, TestDatabase source, TestDatabase control, TestStore store) {
        try (BactrianService service = BactrianService.start(
                Map.of("DATABASE_URL", source.url(), "PG_BIN", server.client().toString()), control, store)) {
            return service.goodBackUp();
        }
    }
}
