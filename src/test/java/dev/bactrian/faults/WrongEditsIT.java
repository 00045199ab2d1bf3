package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes with names that aren't there: nothing starts, and the user reads which file and line. */
class WrongEditsIT {

    @TempDir
    private Path folder;

    private final TestDatabase database = PostgresServer.V17.createDatabase();

    @ParameterizedTest
    @ValueSource(strings = {"backup", "serve"})
    void allAreNamedBeforeAnythingRuns(String command) throws Exception {
        ProjectFolder.copyTo(folder);
        ProjectFolder.edit(
                folder.resolve("routes/backup/backup.camel.yaml"),
                text -> text.replace("to: direct:detect\n", "to: direct:detectt\n"));
        ProjectFolder.edit(
                folder.resolve("routes/control/status.camel.yaml"),
                text -> text.replaceFirst("&noop=true", "&noopp=true"));
        Files.writeString(
                folder.resolve("routes/mine.camel.yaml"),
                """
                - onException: { exception: [java.lang.Exception], steps: [{ log: "it failed" }] }
                - route:
                    id: mine
                    from:
                      uri: timer:mine
                      steps:
                        - to: bean:backupRun?method=open
                """);

        Run run = run(command);

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.err())
                .containsPattern("routes/backup/backup.camel.yaml:\\d+: no loaded route serves direct:detectt")
                .contains("Did you mean direct:detect?")
                .containsPattern(
                        "routes/control/status.camel.yaml:\\d+: sql: has no option \"noopp\". Did you mean noop?")
                .contains("routes/mine.camel.yaml:7: there is no bean \"backupRun\". Did you mean backupRuns?")
                .contains("routes/mine.camel.yaml: onException does nothing in the route mine");
        assertThat(database.jdbc().queryForObject("SELECT count(*) FROM backup_history", Long.class))
                .isZero();
    }

    @Test
    void aRouteOfAnotherFolderIsNamed() throws Exception {
        ProjectFolder.copyTo(folder);
        ProjectFolder.edit(
                folder.resolve("routes/retention/retention.camel.yaml"),
                text -> text + "        - to: direct:claim-backup\n");

        Run run = run("prune", "--dry-run");

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.err()).contains("routes/control/queue.camel.yaml does, but that file isn't loaded");
    }

    private Run run(String... words) {
        try (TestStore store = TestStore.start()) {
            Map<String, String> settings = new HashMap<>(store.settings());
            settings.put("DATABASE_URL", database.url());
            settings.put("BACKUP_API_KEY", "0123456789abcdef0123456789abcdef");
            settings.put("PG_BIN", BactrianService.pg17().toString());
            settings.put("HTTP_PORT", "0");
            settings.put("MANAGEMENT_PORT", "0");
            return Run.bactrianFrom(folder, settings, words);
        }
    }
}
