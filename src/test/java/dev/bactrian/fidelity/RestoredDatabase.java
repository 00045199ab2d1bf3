package dev.bactrian.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A database made by all scripts of a folder of {@code src/test/resources/fidelity}, saved by {@code ./bactrian backup},
 * restored into a new database of the same server by {@code restore --create-database}, and proven by {@code verify}:
 * once, for all the tests that ask what became of their part of it.
 *
 * @param manifest as it is stored next to the archive
 */
record RestoredDatabase(
        TestDatabase source, TestDatabase target, JsonNode manifest, Run backup, Run restore, Run verify) {

    private static final Path SCRIPTS = Path.of("src/test/resources/fidelity").toAbsolutePath();

    static RestoredDatabase of(PostgresServer server, String folder) {
        TestDatabase source = server.createDatabase();
        load(server, source, SCRIPTS.resolve(folder));
        String restored = source.name() + "_restored";
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.putAll(server.settings(source));
            settings.put("DATABASE_URL_SRC", source.url());
            settings.put("CONTROL_DATABASE_URL", server.createDatabase().url());
            settings.put("VERIFY_DATABASE_URL", new TestDatabase(source.port(), "postgres").url());
            settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
            Run backup = Run.bactrian(settings, "backup");
            assertThat(backup.exit()).as(said(backup)).isZero();
            Run restore = Run.bactrian(settings, "restore", "latest", "--to", "src", "--create-database", restored);
            Run verify = Run.bactrian(settings, "verify", "latest");
            String manifest = store.keys().stream()
                    .filter(key -> key.contains("/archive/") && key.endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
            return new RestoredDatabase(
                    source,
                    new TestDatabase(source.port(), restored),
                    BactrianService.json(store.text(manifest)),
                    backup,
                    restore,
                    verify);
        }
    }

    private static void load(PostgresServer server, TestDatabase source, Path folder) {
        try (Stream<Path> scripts = Files.list(folder)) {
            String files = scripts.sorted().map(script -> " -f " + script).collect(Collectors.joining());
            Run run = EveryKind.psql(folder, server, source, files);
            assertThat(run.exit()).as(run.err()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that a program said, for a failing test's message. */
    static String said(Run run) {
        return run.out() + run.err();
    }

    /** A query has the same answer here and there, and has one. */
    void comesBack(String query) {
        List<Map<String, Object>> before = source.jdbc().queryForList(query);
        assertThat(before).as("in the source: " + query).isNotEmpty();
        assertThat(target.jdbc().queryForList(query)).as(query).isEqualTo(before);
    }
}
