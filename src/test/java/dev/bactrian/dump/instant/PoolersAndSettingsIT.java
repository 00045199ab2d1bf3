package dev.bactrian.dump.instant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.FullPooler;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where something between doesn't pass on settings, a backup needs none, or says what to do. */
class PoolersAndSettingsIT {

    private static final PostgresServer SERVER = PostgresServer.V17;

    private TestStore store;
    private TestDatabase source;
    private FullPooler pooler;
    private BactrianService service;

    @BeforeEach
    void start() {
        store = TestStore.start();
        source = SERVER.createDatabase()
                .run(
                        "CREATE TABLE item AS SELECT '\\x00ff'::bytea AS b",
                        "CREATE TABLE large AS SELECT n, '\\x00ff'::bytea AS b FROM generate_series(1, 20000) n");
        pooler = FullPooler.before(source.port());
        String url = source.url().replace(":" + source.port() + "/", ":" + pooler.port() + "/");
        service = BactrianService.start(
                Map.of("DATABASE_URL", url, "BACKUP_SPLIT_ABOVE", "400KB"), SERVER.createDatabase(), store);
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        pooler.close();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void withoutDeviationsThereIsNothingToPassOn(FullPooler.Options fate) {
        pooler.options(fate);

        assertThat(service.backUp().path("status").asText()).isEqualTo("success");
    }

    @ParameterizedTest
    @EnumSource(
            value = FullPooler.Options.class,
            names = {"REFUSED", "DROPPED"})
    void whatCannotBeChangedOnTheWayIsNamedWithItsRemedy(FullPooler.Options fate) {
        pooler.options(fate);
        source.run("ALTER DATABASE " + source.name() + " SET bytea_output = 'escape'");

        JsonNode row = service.backUp();

        String remedy = "ALTER ROLE \"postgres\" IN DATABASE \"" + source.name() + "\" SET bytea_output = 'hex';";
        assertThat(row.path("status").asText()).isEqualTo("failed");
        assertThat(row.path("error_text").asText())
                .contains("bytea_output = escape")
                .contains("nothing was stored")
                .contains(remedy);
        source.run(remedy);
        assertThat(service.backUp().path("status").asText()).isEqualTo("success");
    }

    @Test
    void whatIsPassedOnHolds() {
        source.run("ALTER DATABASE " + source.name() + " SET bytea_output = 'escape'");

        assertThat(service.backUp().path("status").asText()).isEqualTo("success");
    }

    @Test
    void aServerThatHidesDamageIsWarnedOf() {
        source.run("ALTER DATABASE " + source.name() + " SET zero_damaged_pages = on");

        JsonNode row = service.goodBackUp();

        assertThat(service.manifest(row.path("id").asText()).warnings())
                .singleElement()
                .asString()
                .contains("zero_damaged_pages is on", "rows may be missing");
    }
}
