package dev.bactrian.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.ProjectFolder;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check goes a backup's own way: whoever edits that has it looked at as edited. */
class CheckedRoutesIT {

    @TempDir
    private Path folder;

    private TestDatabase database;
    private TestStore store;
    private Map<String, String> settings;

    @BeforeEach
    void start() {
        database = PostgresServer.V17
                .createDatabase()
                .run("CREATE TABLE item (id serial)", "CREATE TABLE hidden (id int)", "CREATE TABLE big (id int)");
        store = TestStore.start();
        settings = new HashMap<>(store.settings());
        settings.put("DATABASE_URL_PROD", database.backupRole("checking_backup", "canary"));
        settings.put("CONTROL_DATABASE_URL", PostgresServer.V17.createDatabase().url());
        settings.put("WORK_DIR", BactrianService.temporaryFolder().toString());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        ProjectFolder.copyTo(folder);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void anEditedQueryIsTheChecksToo() {
        ProjectFolder.edit(
                folder.resolve("sql/backup/detect-refusals.sql"),
                query -> "SELECT 'table' AS kind, 'public' AS schema, 'hidden' AS name, NULL::bigint AS objects");

        assertOnlyReadableFails(
                check(), "Cannot read table \"public\".\"hidden\": role checking_backup doesn't have SELECT.");

        // As in a scheduled backup, what the settings leave out needn't be readable.
        settings.put("BACKUP_EXCLUDE_TABLES", "hidden");
        assertThat(check().out())
                .containsPattern("OK +database prod: everything readable: 2 tables; left out: 0 schemas, 1 table");
    }

    @Test
    void anEditedPatternQueryIsTheChecksToo() {
        settings.put("BACKUP_EXCLUDE_TABLES", "hidden");
        ProjectFolder.edit(
                folder.resolve("sql/backup/match-patterns.sql"),
                query -> query.replace("p.name C", "'^(big|item)$' C"));

        assertThat(check().out())
                .containsPattern("OK +database prod: everything readable: 1 table; left out: 0 schemas, 2 tables");
    }

    @Test
    void aStepOfOnesOwnIsTheChecksToo() {
        ProjectFolder.edit(
                folder.resolve("routes/backup/detect/detect.camel.yaml"),
                text -> text.replace(
                        "        - to: direct:plan-dump\n",
                        "        - to: direct:plan-dump\n        - throwException: { exceptionType:"
                                + " java.lang.IllegalStateException, message: \"not on a Monday\" }\n"));

        assertOnlyReadableFails(check(), "not on a Monday");
    }

    /** A query that fails ends the server's transaction, in which the others are asked. */
    @Test
    void oneRefusalHidesNoOther() {
        ProjectFolder.edit(folder.resolve("sql/backup/detect-refusals.sql"), query -> "SELECT nonsense");
        settings.put("PG_BIN", folder.toString());

        Run run = check();

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("OK +database prod: session mode: ")
                .containsPattern("OK +database prod: reachable: PostgreSQL 17")
                .containsPattern("FAILED +database prod: pg_dump: pg_dump was not found")
                .containsPattern("OK +database prod: connections: up to ")
                .containsPattern("OK +database prod: snapshot: exported and imported")
                .containsPattern("OK +database prod: settings: as pg_dump needs them")
                .containsPattern("FAILED +database prod: everything readable: .*nonsense")
                .containsPattern("OK +control database: migrations: ");
    }

    @Test
    void whatAnUnfinishedRestoreLeftIsNoBackup() {
        database.run("CREATE SCHEMA bactrian_restore", "CREATE TABLE bactrian_restore.unfinished (id int)");

        assertThat(check().out())
                .containsPattern("OK +database prod: session mode: ")
                .containsPattern("FAILED +database prod: snapshot: A restore into .* began and never ended")
                .containsPattern("OK +work folder: ");
    }

    @Test
    void nothingOfAUsersOwnIsBegun() throws IOException {
        Path begun = folder.resolve("begun");
        Files.writeString(
                folder.resolve("routes/mine.camel.yaml"),
                "- route: { id: mine, routeConfigurationId: log-failures, from: { uri: \"timer:mine?delay=0\", steps: [to: \"file:"
                        + begun + "\"] } }\n");
        Files.delete(folder.resolve("routes/triggers/http.camel.yaml"));

        Run run = check();

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(begun).doesNotExist();
        assertThat(store.keys()).isEmpty();
    }

    private Run check() {
        return Run.bactrianFrom(folder, settings, "check");
    }

    private static void assertOnlyReadableFails(Run run, String why) {
        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(1);
        assertThat(run.out().lines().filter(line -> !line.startsWith("OK ")))
                .singleElement()
                .asString()
                .startsWith("FAILED  database prod: everything readable: ")
                .contains(why);
    }
}
