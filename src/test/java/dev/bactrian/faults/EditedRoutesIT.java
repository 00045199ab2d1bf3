package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes and queries that users have edited in other ways than to leave out a step ({@link LeftOutStepsIT}): no false success. */
class EditedRoutesIT {

    /** Reads the body, as a log of it does where its level is on. */
    private static final String LOOK = "setProperty: { name: seen, simple: \"${bodyAs(String)}\" }";

    private static final String READ_BEFORE = "read or change what a program prints";
    private static final String TEXT = "convertBodyTo: { type: java.lang.String }";

    @TempDir
    private static Path folder;

    private static Scene scene;

    @BeforeAll
    static void start() {
        TestDatabase source = Sources.small()
                .run(
                        "SELECT lo_from_bytea(0, 'large')",
                        "CREATE SCHEMA other",
                        "CREATE TABLE other.numbered (id serial)",
                        "INSERT INTO other.numbered DEFAULT VALUES",
                        "CREATE MATERIALIZED VIEW seen AS SELECT 1 AS id",
                        "CREATE TABLE secret AS SELECT 1 AS id");
        scene = Scene.start(Map.of(
                "DATABASE_URL",
                source.url(),
                "BACKUP_EXCLUDE_TABLES",
                "secret",
                "BACKUP_FORMATS",
                "tables,dump,sql",
                "BACKUP_ENCRYPT_TO",
                PgpKeys.publicKey("alice").toString(),
                "BACKUP_RATE_LIMIT",
                "1000"));
        scene.assertSucceeds("default", null);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    static Stream<Arguments> edits() throws IOException {
        return Stream.of(
                // What a program prints can be read once.
                arguments(EditedRoutes.before("dump-roles", "to add-roles", LOOK), READ_BEFORE),
                arguments(EditedRoutes.before("dump-large-objects", "to add-large-objects", LOOK), READ_BEFORE),
                arguments(EditedRoutes.before("dump-script", "to add-script", LOOK), READ_BEFORE),
                arguments(EditedRoutes.before("dump-schemas", "to add-schema-format-dump", LOOK), READ_BEFORE),
                arguments(EditedRoutes.before("read-group", "to cut-into-tables", LOOK), READ_BEFORE),
                arguments(EditedRoutes.before("dump-definitions", "to cut-into-schema-files", LOOK), READ_BEFORE),
                // Bytes that aren't text become others.
                arguments(
                        EditedRoutes.before("dump-large-objects", "to add-large-objects", TEXT),
                        "different content as db/large-objects.dump"),
                arguments(EditedRoutes.before("read-group", "to cut-into-tables", TEXT), READ_BEFORE),
                arguments(
                        EditedRoutes.before("dump-roles", "to add-roles", "setBody: { constant: \"-- none\" }"),
                        "different content as db/roles.sql"),
                // What is read after it was confirmed isn't confirmed.
                arguments(
                        EditedRoutes.moved("dump-definitions", "to confirm-definitions", "to pg-dump-schema"),
                        "confirm-definitions"),
                arguments(EditedRoutes.moved("dump-roles", "to confirm-roles", "to pg-dumpall-roles"), "confirm-roles"),
                arguments(
                        EditedRoutes.moved("dump-formats", "to confirm-formats", "to direct:dump-schemas"),
                        "confirm-formats"),
                arguments(
                        EditedRoutes.moved("dump-formats", "to refuse-changed-sequences", "to direct:dump-schemas"),
                        "refuse-changed-sequences"),
                arguments(
                        EditedRoutes.moved("run-backup", "to confirm-snapshot", "to direct:dump-and-store"),
                        "confirm-snapshot"),
                arguments(
                        EditedRoutes.moved(
                                "dump-database", "setProperty fix-settings", "to direct:copy-extension-tables"),
                        "fix-settings"),
                // The selection is that of settings and request.
                arguments(
                        EditedRoutes.after(
                                "select",
                                "to direct:apply-rules",
                                "setProperty: { name: selection, method: { ref: objectSelection, method: everything } }"),
                        "direct:apply-rules"),
                arguments(
                        EditedRoutes.after(
                                "select-readable",
                                "to direct:select",
                                "setProperty: { name: selection, method: { beanType: dev.bactrian.selection.Selection, method: everything } }"),
                        "direct:select"),
                // What isn't aggregated into the archive isn't known to be whole.
                arguments(
                        EditedRoutes.withoutOption("dump-tables", "split each-dump-group", "aggregationStrategy"),
                        "dumpedTables"),
                // Some things are done once.
                arguments(EditedRoutes.twice("send-archive", "to encrypt-archive"), "encrypt the archive twice"),
                arguments(
                        EditedRoutes.after(
                                "run-backup",
                                "to direct:detect",
                                "setProperty: { name: snapshot, method: { ref: snapshots, method: open } }"),
                        "second snapshot"),
                arguments(
                        EditedRoutes.before(
                                "write-archive",
                                "to finish-archive",
                                "to: { uri: \"bean:archiveFiles?method=add('more', 'more.txt')\" }"),
                        "its own manifest doesn't name"),
                // Queries that give less than there is.
                arguments(
                        query("plan-dump", "detect-sequences", "WHERE ", "WHERE c.relname <> 'numbered_id_seq' AND "),
                        "sql/backup/detect-sequences.sql"),
                arguments(
                        query("select-readable", "detect-schemas", "WHERE ", "WHERE n.nspname <> 'other' AND "),
                        "sql/backup/detect-schemas.sql"),
                arguments(
                        query("plan-dump", "detect-materialized-views", "WHERE v.relispopulated", "WHERE false"),
                        "sql/backup/detect-materialized-views.sql"),
                arguments(
                        query(
                                "meet-server",
                                "detect-server",
                                "(SELECT count(*) FROM pg_catalog.pg_largeobject_metadata)",
                                "0::bigint"),
                        "sql/backup/detect-server.sql"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void anEditIsNoFalseSuccess(EditedRoutes.Cut edit, String reason) {
        Map<String, Object> row = scene.aftermath().row(backUp(edit));

        assertThat(row).as(edit.toString()).containsEntry("status", "failed");
        assertThat(String.valueOf(row.get("error_text"))).as(edit.toString()).contains(reason);
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    @Test
    void tablesThatAQueryLeavesOutAreTold() throws Exception {
        String id = backUp(query(
                "plan-dump", "detect-tables", "WHERE c.relkind IN", "WHERE c.relname <> 'numbered' AND c.relkind IN"));

        assertThat(scene.aftermath().row(id)).containsEntry("status", "success");
        assertThat(String.valueOf(scene.aftermath().row(id).get("warnings"))).contains("leaves out one table");
        assertThat(scene.service().manifest(id).warnings())
                .anyMatch(warning -> warning.contains("sql/backup/detect-tables.sql leaves out one table"));
    }

    @Test
    void noArchiveGoesIntoTheFolderOfAnother() throws Exception {
        String sql = Files.readString(Path.of("sql/control/claim-backup.sql"));
        String key = sql.substring(sql.indexOf(":#prefix || '/archive/'"), sql.indexOf(" AS s3_key"));
        EditedRoutes.Cut edit = query(
                "claim-backup",
                "to claim-row",
                "control/claim-backup",
                key,
                ":#prefix || '/archive/one/' || q.id || '.zip.pgp'");
        String first = backUp(edit);
        String second = backUp(edit);

        assertThat(scene.aftermath().row(first)).containsEntry("status", "success");
        assertThat(scene.aftermath().row(second))
                .containsEntry("status", "failed")
                .containsEntry("s3_key", null)
                .containsEntry("discarded_key", null);
        assertThat(String.valueOf(scene.aftermath().row(second).get("error_text")))
                .contains("folder of another backup");
        assertThat(scene.service().manifest(first).backupId()).isEqualTo(first);
        scene.aftermath().assertStoreHoldsOnlyGoodBackups();
    }

    private static EditedRoutes.Cut query(String route, String step, String from, String to) throws IOException {
        return query(route, "toD " + step, "backup/" + step, from, to);
    }

    /** A route whose step runs a file of sql/ in which one place is another. */
    private static EditedRoutes.Cut query(String route, String label, String file, String from, String to)
            throws IOException {
        String shipped = Files.readString(Path.of("sql", file + ".sql"));
        assertThat(shipped).contains(from);
        int last = shipped.lastIndexOf(from);
        Path edited = Files.writeString(
                folder.resolve(Path.of(file).getFileName() + ".sql"),
                shipped.substring(0, last) + to + shipped.substring(last + from.length()));
        return EditedRoutes.withUri(route, label, uri -> uri.replace("file:sql/" + file + ".sql", "file:" + edited));
    }

    private static String backUp(EditedRoutes.Cut edit) {
        try {
            assertThat(edit.use(scene.service().app().context()))
                    .as(edit.toString())
                    .isTrue();
            String id = scene.request("default");
            scene.awaitEnd(id);
            return id;
        } finally {
            edit.restore(scene.service().app().context());
        }
    }
}
