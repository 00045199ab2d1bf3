package dev.bactrian.restore.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An event trigger that the target has already isn't missing; one of its name that does something else is. */
class EventTriggersIT {

    private static final String[] SAME = {
        "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER plain ON ddl_command_end EXECUTE FUNCTION public.watch()",
        "COMMENT ON EVENT TRIGGER plain IS 'watches'",
        "CREATE EVENT TRIGGER \"Ünder Wächter\" ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP INDEX')"
                + " EXECUTE FUNCTION public.watch()",
        "ALTER EVENT TRIGGER \"Ünder Wächter\" ENABLE ALWAYS"
    };

    @Test
    void onlyThoseThatAreNotThereAreMadeAndOthersOfTheirNamesStay() throws Exception {
        TestDatabase source = PostgresServer.V17.createDatabase().run(SAME);
        source.run(
                "CREATE EVENT TRIGGER other ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.watch()",
                "CREATE EVENT TRIGGER added ON ddl_command_start EXECUTE FUNCTION public.watch()",
                "ALTER EVENT TRIGGER added DISABLE");
        TestDatabase target = PostgresServer.V17.createDatabase().run(SAME);
        target.run(
                "CREATE EVENT TRIGGER other ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION public.watch()",
                "DROP EVENT TRIGGER IF EXISTS added");
        try (TestStore store = TestStore.start()) {
            String key;
            try (BactrianService service = BactrianService.start(
                    Map.of("DATABASE_URL", source.url()), PostgresServer.V17.createDatabase(), store)) {
                key = service.goodBackUp().path("s3_key").asText();
            }
            // The function is there, too, which a restore can't make twice.
            Restoring.Result result;
            try (Restoring restoring = Restoring.into(target, store)) {
                result = restoring.run(Restoring.everything(key));
            }

            assertThat(result.missing())
                    .as(result.told())
                    .containsExactlyInAnyOrder("FUNCTION public.watch()", "EVENT TRIGGER other");
            assertThat(result.outcome()).isEqualTo(Outcome.PARTIAL);
            assertThat(triggers(target))
                    .isEqualTo(List.of(
                            "addedddlcommandstartD-",
                            "otherddlcommandstartO{\"DROP TABLE\"}",
                            "plainddlcommandendO-",
                            "Ünder WächtersqldropA{\"DROP TABLE\",\"DROP INDEX\"}"));
        }
    }

    private static List<String> triggers(TestDatabase database) {
        return database
                .jdbc()
                .queryForList(
                        "SELECT evtname || replace(evtevent, '_', '') || evtenabled::text || coalesce(evttags::text, '-')"
                                + " FROM pg_event_trigger",
                        String.class)
                .stream()
                .sorted()
                .toList();
    }
}
