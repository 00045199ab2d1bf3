package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Importing;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.supabase.SupabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that a Supabase project's role doesn't own, with triggers of users' on them that it can't switch off. */
class PlatformTablesIT {

    private static final String SPOIL =
            "CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
                    + " 'BEGIN NEW.updated_at := ''2000-01-01''; RETURN NEW; END'";

    private static SupabaseServer server;
    private static TestStore store;
    private static TestDatabase source;
    private static String key;

    @BeforeAll
    static void backUp() {
        server = SupabaseServer.start();
        server.allowReplicaRole(true);
        store = TestStore.start();
        source = server.fill(server.project("shop"));
        Map<String, String> settings = Map.of(
                "DATABASE_URL",
                SupabaseServer.url(source),
                "PG_BIN",
                PostgresServer.V17.client().toString(),
                "BACKUP_STORAGE",
                "false");
        try (BactrianService service = BactrianService.start(settings, PostgresServer.V17.createDatabase(), store)) {
            JsonNode row = service.goodBackUp();
            key = row.path("s3_key").asText();
        }
    }

    @AfterAll
    static void end() {
        server.close();
        store.close();
    }

    private static Restoring.Result replace(TestDatabase target, String table) {
        try (Restoring restoring =
                Restoring.into(target, store, Map.of("DATABASE_URL_TARGET", SupabaseServer.url(target)))) {
            return restoring.run(Restoring.tables(key, List.of(table), Option.DATA_ONLY, Option.TRUNCATE));
        }
    }

    private static String users() throws IOException {
        Path file = TemporaryFiles.file("users", ".json");
        Files.writeString(file, "[{\"id\": \"11111111-2222-4333-8444-555555555555\", \"email\": \"a@example.com\"}]");
        return file.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void usersAreNotImportedWhereATriggerWouldFire(boolean replica) throws IOException {
        TestDatabase target = server.project("importing_" + replica)
                .run(
                        SPOIL,
                        "CREATE TRIGGER on_new_user BEFORE INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                        // Only its owner can make it fire always.
                        replica ? "ALTER TABLE auth.users ENABLE ALWAYS TRIGGER on_new_user" : "SELECT 1");
        server.allowReplicaRole(replica);

        Restoring.Result result = Importing.users(users(), target, store, false);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("on_new_user").contains("Nothing was changed");
        assertThat(target.rowCounts()).containsEntry("auth.users", 0L);
    }

    @Test
    void usersAreImportedWhereOnlyTheAuthServicesOwnTriggersFire() throws IOException {
        TestDatabase target = server.project("importing_own")
                .run(
                        "CREATE FUNCTION auth.own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER own BEFORE INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION auth.own()");
        server.allowReplicaRole(false);

        Restoring.Result result = Importing.users(users(), target, store, false);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.rowCounts()).containsEntry("auth.users", 1L);
    }

    private static TestDatabase spoilt(String name, String table) {
        server.allowReplicaRole(true);
        return server.project(name)
                .run(
                        SPOIL,
                        "CREATE TRIGGER spoil BEFORE INSERT ON " + table
                                + " FOR EACH ROW EXECUTE FUNCTION public.spoil()",
                        "ALTER TABLE " + table + " ENABLE ALWAYS TRIGGER spoil");
    }

    @Test
    void aTableIsLeftAsItIsWhereATriggerWouldFire() {
        TestDatabase target = spoilt("firing", "auth.users");

        Restoring.Result result = replace(target, "auth.users");

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("spoil").contains("Restore as its owner");
        assertThat(target.rowCounts()).containsEntry("auth.users", 0L);
    }

    /** The role is a member of the one that owns Storage's tables. */
    @Test
    void storagesRowsComeBackWithTheTriggersOff() {
        TestDatabase target = spoilt("quiet", "storage.buckets");

        Restoring.Result result = replace(target, "storage.buckets");

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(target.contentDigests().get("storage.buckets"))
                .isEqualTo(source.contentDigests().get("storage.buckets"));
        assertThat(target.jdbc()
                        .queryForObject("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'spoil'", String.class))
                .isEqualTo("A");
    }

    /** Rows of Storage come by INSERT, for which a rule would act. */
    @Test
    void aRuleOfStoragesTablesIsNamed() {
        server.allowReplicaRole(true);
        TestDatabase target = server.project("ruled")
                .run(
                        "CREATE TABLE public.seen (what text)",
                        "CREATE RULE more AS ON INSERT TO storage.buckets DO ALSO INSERT INTO public.seen VALUES ('x')",
                        "ALTER TABLE storage.buckets ENABLE ALWAYS RULE more");

        Restoring.Result result = replace(target, "storage.buckets");

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("DISABLE RULE more");
        assertThat(target.rowCounts()).containsEntry("storage.buckets", 0L).containsEntry("public.seen", 0L);
    }

    /** The platform's own may fire; what it makes of the rows is seen when they are there. */
    @ParameterizedTest
    @ValueSource(strings = {"auth.users", "storage.buckets"})
    void rowsThatThePlatformChangesAreReported(String table) {
        server.allowReplicaRole(true);
        String schema = table.substring(0, table.indexOf('.'));
        TestDatabase target = server.project("changing_" + table.replace('.', '_'))
                .run(
                        SPOIL.replace("public.", schema + "."),
                        "CREATE TRIGGER spoil BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION " + schema
                                + ".spoil()",
                        "ALTER TABLE " + table + " ENABLE ALWAYS TRIGGER spoil");

        Restoring.Result result = replace(target, table);

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains("The server stored other rows than were saved");
        assertThat(target.rowCounts()).containsEntry(table, 0L);
    }
}
