package dev.bactrian.testing.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An archive as a user has it before a restore: made by the service, fetched and unpacked.
 *
 * @param client folder of the programs to restore with
 */
public record UnpackedArchive(Path folder, Path client) {

    public static final String EVERYTHING = "Restore everything by hand";
    public static final String ONE_TABLE = "Restore one table by hand";

    /** Backs up a database of this server. */
    public static UnpackedArchive of(PostgresServer server, TestDatabase source) {
        try (TestStore store = TestStore.start();
                BactrianService service =
                        BactrianService.start(server.settings(source), server.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            Path archive = store.download(row.path("s3_key").asText());
            Path folder = BactrianService.temporaryFolder();
            Run unzip = Run.shell(folder, Map.of(), "unzip -q " + archive);
            assertThat(unzip.exit()).as(unzip.err()).isZero();
            return new UnpackedArchive(folder, server.client());
        }
    }

    /** The command lines of a section of README.txt. */
    public List<String> commands(String section) {
        String text = read("README.txt");
        int from = text.indexOf(section);
        int to = section.equals(EVERYTHING) ? text.indexOf(ONE_TABLE) : text.length();
        return text.substring(from, to)
                .lines()
                .filter(line -> line.matches("   (psql|pg_restore|sh) .*"))
                .map(String::strip)
                .toList();
    }

    /** Runs a command line in the archive's folder, with the programs that README.txt asks for. */
    public Run run(TestDatabase target, String command) {
        return Run.shell(folder, Map.of("PATH", client.toString(), "TARGET", target.url()), command);
    }

    public String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
