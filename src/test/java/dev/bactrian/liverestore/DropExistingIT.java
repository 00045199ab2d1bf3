package dev.bactrian.liverestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.EveryKind;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes with a table that makes room is named before, and what is protected by now isn't opened unasked. */
class DropExistingIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final String CARDS = "app.cards";

    private static TestStore store;
    private static String key;

    @BeforeAll
    static void backUp() {
        store = TestStore.start();
        SERVER.createDatabase()
                .run("DO $$BEGIN CREATE ROLE de_clerk; CREATE ROLE de_guest; CREATE ROLE de_owner;"
                        + " EXCEPTION WHEN duplicate_object THEN NULL; END$$");
        try (BactrianService service = BactrianService.start(target().url(), SERVER.createDatabase(), store)) {
            key = service.goodBackUp().path("s3_key").asText();
        }
    }

    @AfterAll
    static void end() {
        store.close();
    }

    private static TestDatabase target() {
        return SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TABLE app.cards (id int PRIMARY KEY, number text, tenant text)",
                        "INSERT INTO app.cards SELECT n, 'number ' || n, 'a' FROM generate_series(1, 100) n",
                        "CREATE POLICY own ON app.cards TO de_clerk USING (tenant = 'a')",
                        "GRANT SELECT, INSERT ON app.cards TO de_clerk",
                        "GRANT SELECT ON app.cards TO de_guest",
                        "CREATE TABLE app.guarded (id int, secret text)",
                        "INSERT INTO app.guarded VALUES (1, 's')",
                        "ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY",
                        "CREATE POLICY all_rows ON app.guarded TO de_clerk USING (true)",
                        "GRANT SELECT ON app.guarded TO de_clerk");
    }

    private static Restoring.Result restore(TestDatabase target, RestoreRequest request) {
        try (Restoring restoring = Restoring.into(target, store)) {
            return restoring.run(request);
        }
    }

    private static RestoreRequest again(String table, Option... options) {
        Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = Option.DROP_EXISTING;
        return Restoring.tables(key, List.of(table), all);
    }

    private static List<String> definitions(TestDatabase target) {
        return EveryKind.definitions(SERVER, target, List.of());
    }

    private static void assertRefused(TestDatabase target, String table, String... told) {
        List<String> before = definitions(target);
        Restoring.Result result = restore(target, again(table));
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told())
                .contains("Nothing was changed")
                .contains("--allow-wider-access")
                .contains(told);
        assertThat(EveryKind.differences(before, definitions(target))).isEmpty();
    }

    @Test
    void whatTheArchiveDoesntHaveIsListedBeforeItGoes() {
        TestDatabase target = target().run(
                        "ALTER TABLE app.cards ADD since date",
                        "CREATE INDEX cards_by_number ON app.cards (number)",
                        "ALTER TABLE app.cards ADD CONSTRAINT numbered CHECK (number <> '')",
                        "CREATE TRIGGER noting BEFORE INSERT ON app.cards FOR EACH ROW EXECUTE FUNCTION app.note()",
                        "CREATE RULE ruled AS ON DELETE TO app.cards DO INSTEAD NOTHING",
                        "CREATE STATISTICS app.counted ON number, tenant FROM app.cards",
                        "COMMENT ON TABLE app.cards IS 'said since'",
                        "GRANT DELETE ON app.cards TO de_clerk",
                        "CREATE PUBLICATION told FOR TABLE app.cards");
        List<String> before = definitions(target);

        Restoring.Result dry = restore(target, again(CARDS, Option.DRY_RUN));

        assertThat(dry.outcome()).as(dry.told()).isEqualTo(Outcome.DRY_RUN);
        assertThat(EveryKind.differences(before, definitions(target))).isEmpty();
        Restoring.Result result = restore(target, again(CARDS));
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        for (Restoring.Result each : List.of(dry, result)) {
            assertThat(each.told())
                    .contains("\"app\".\"cards\" has something that the archive doesn't have, and loses it: ")
                    .contains("column \"since\"")
                    .contains("INDEX app.cards_by_number")
                    .contains("constraint \"numbered\"")
                    .contains("TRIGGER app.cards noting")
                    .contains("RULE app.cards ruled")
                    .contains("STATISTICS app.counted")
                    .contains("COMMENT app.TABLE cards")
                    .contains("DELETE for de_clerk")
                    .contains("PUBLICATION TABLE app.told cards");
        }
        assertThat(restore(target, again(CARDS)).told()).doesNotContain("loses it");
    }

    @Test
    void rowLevelSecurityThatIsOnByNowIsNotTurnedOff() {
        TestDatabase target = target().run("ALTER TABLE app.cards ENABLE ROW LEVEL SECURITY");
        assertRefused(target, CARDS, "\"app\".\"cards\": row level security is on now, and off in the archive");

        Restoring.Result result = restore(target, again(CARDS, Option.ALLOW_WIDER_ACCESS));

        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(result.told()).contains("Wider access to \"app\".\"cards\": row level security");
        assertThat(target.jdbc()
                        .queryForObject("SELECT relrowsecurity FROM pg_class WHERE relname = 'cards'", Boolean.class))
                .isFalse();
    }

    @Test
    void neitherForceNorPoliciesAreTakenBack() {
        assertRefused(
                target().run("ALTER TABLE app.guarded FORCE ROW LEVEL SECURITY"),
                "app.guarded",
                "row level security applies to its owner now (FORCE)");
        assertRefused(
                target().run("CREATE POLICY tight ON app.guarded AS RESTRICTIVE USING (id > 5)"),
                "app.guarded",
                "restrictive POLICY app.guarded tight isn't in the archive");
        assertRefused(
                target().run("DROP POLICY all_rows ON app.guarded"),
                "app.guarded",
                "POLICY app.guarded all_rows of the archive");
        assertRefused(
                target().run("ALTER POLICY all_rows ON app.guarded USING (id > 5)"),
                "app.guarded",
                "POLICY app.guarded all_rows of the archive");
        // One more that lets rows through is lost: fewer can be read than now.
        Restoring.Result closed = restore(
                target().run("CREATE POLICY more ON app.guarded TO de_guest USING (true)"), again("app.guarded"));
        assertThat(closed.outcome()).as(closed.told()).isEqualTo(Outcome.SUCCESS);
        assertThat(closed.told()).contains("loses it: POLICY app.guarded more");
    }

    @Test
    void rightsThatWereRevokedStayRevoked() {
        assertRefused(target().run("REVOKE SELECT ON app.cards FROM de_guest"), CARDS, "SELECT for de_guest");
        assertRefused(
                target().run("REVOKE SELECT ON app.cards FROM de_guest", "GRANT SELECT (id) ON app.cards TO de_guest"),
                CARDS,
                "SELECT for de_guest");
    }

    /** By a dry run, too; and nothing says afterwards that the target isn't whole. */
    @Test
    void whatNeedsTheTableIsNamedBeforeAnythingIsWritten() {
        TestDatabase target = target().run(
                        "ALTER TABLE app.cards ADD n serial",
                        "CREATE TABLE app.orders (id int DEFAULT nextval('app.cards_n_seq'), card app.cards)",
                        "CREATE TABLE app.many (cards app.cards[])",
                        "CREATE POLICY reads ON app.orders USING (EXISTS (SELECT FROM app.cards c WHERE c.id = 1))",
                        "CREATE FUNCTION app.all_cards() RETURNS SETOF app.cards LANGUAGE sql AS 'TABLE app.cards'",
                        "CREATE VIEW app.seen AS SELECT * FROM app.all_cards()",
                        "CREATE TABLE app.owns (id int REFERENCES app.cards)",
                        "CREATE TABLE app.child () INHERITS (app.cards)");
        List<String> before = definitions(target);

        for (Restoring.Result refused :
                List.of(restore(target, again(CARDS, Option.DRY_RUN)), restore(target, again(CARDS)))) {
            assertThat(refused.outcome()).as(refused.told()).isEqualTo(Outcome.FAILED);
            assertThat(refused.told())
                    .contains("Nothing was changed", "because others need them: ")
                    .contains("default value for column id of table app.orders")
                    .contains("column card of table app.orders", "column cards of table app.many")
                    .contains("policy reads on table app.orders")
                    .contains("function app.all_cards()", "view app.seen")
                    .contains("constraint owns_id_fkey on table app.owns")
                    .contains("table app.child")
                    .doesNotContain("type app.", "rule ", "index app.", "app.cards_pkey");
        }
        assertThat(EveryKind.differences(before, definitions(target))).isEmpty();
    }

    @Test
    void nothingIsMarkedWhereTheTableCouldNotBeDropped() {
        TestDatabase target = target().run(
                        "CREATE FUNCTION app.forbid() RETURNS event_trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN RAISE EXCEPTION ''tables stay here''; END'",
                        "CREATE EVENT TRIGGER forbids ON ddl_command_start WHEN TAG IN ('DROP TABLE')"
                                + " EXECUTE FUNCTION app.forbid()",
                        "ALTER EVENT TRIGGER forbids ENABLE ALWAYS");
        List<String> before = definitions(target);

        Restoring.Result failed = restore(target, again(CARDS));

        assertThat(failed.outcome()).as(failed.told()).isEqualTo(Outcome.FAILED);
        assertThat(failed.told()).contains("tables stay here", "Nothing was changed");
        assertThat(EveryKind.differences(before, definitions(target))).isEmpty();
        assertThat(target.jdbc().queryForList("SELECT nspname FROM pg_namespace WHERE nspname = 'bactrian_restore'"))
                .isEmpty();
        target.run("DROP EVENT TRIGGER forbids");
        Restoring.Result after = restore(target, again(CARDS));
        assertThat(after.outcome()).as(after.told()).isEqualTo(Outcome.SUCCESS);
    }

    /** A new table gets what its maker's default privileges give, besides its own grants. */
    @Test
    void defaultPrivilegesOpenNothingEither() {
        assertRefused(
                target().run("ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT UPDATE ON TABLES TO de_guest"),
                CARDS,
                "UPDATE for de_guest");
        Restoring.Result without =
                restore(target().run("REVOKE SELECT ON app.cards FROM de_guest"), again(CARDS, Option.NO_PRIVILEGES));
        assertThat(without.outcome()).as(without.told()).isEqualTo(Outcome.SUCCESS);
    }
}
