package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.Manifest;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job on the routes as shipped: a request becomes a complete backup in the store. */
class FirstLightIT {

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aRequestBecomesACompleteBackup(PostgresServer server) {
        TestDatabase database = server.createDatabase().loadSample();
        TestDatabase control = server.createDatabase();
        try (TestStore store = TestStore.start();
                BactrianService service = BactrianService.start(server.settings(database), control, store)) {
            JsonNode row = service.goodBackUp();
            assertThat(store.keys())
                    .contains(row.path("s3_key").asText())
                    .anyMatch(key -> key.endsWith("/manifest.json"));
            Manifest manifest = service.manifest(row.path("id").asText());
            Map<String, Long> rows = new TreeMap<>();
            manifest.tables().stream()
                    .filter(table -> "table".equals(table.kind()))
                    .forEach(table -> rows.put(
                            database.jdbc()
                                    .queryForObject(
                                            "SELECT format('%I.%I', ?, ?)", String.class, table.schema(), table.name()),
                            table.rows()));
            assertThat(rows).isEqualTo(database.rowCounts());
            assertThat(service.workFiles()).isEmpty();
            assertThat(store.danglingUploads()).isEmpty();
        }
    }
}
