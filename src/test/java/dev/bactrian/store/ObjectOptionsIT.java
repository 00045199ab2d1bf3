package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Storage class, encryption and tags go over the wire with every object that a backup writes, and with nothing else. */
class ObjectOptionsIT {

    /** A request's first line and its headers. */
    private static final Pattern HEAD =
            Pattern.compile("(?:PUT|POST|GET|HEAD|DELETE) (\\S+) HTTP/1\\.1\r\n(?:[!-~]+:[^\r]*\r\n)+\r\n");

    private static final Map<String, String> OPTIONS = Map.of(
            "S3_STORAGE_CLASS", "STANDARD_IA",
            "S3_SSE", "aws:kms",
            "S3_SSE_KMS_KEY_ID", "alias/backups",
            "S3_TAGS", "team=data ops, kind = nightly/full");

    private static final String[] HEADERS = {
        "x-amz-storage-class: STANDARD_IA",
        "x-amz-server-side-encryption: aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id: alias/backups",
        "x-amz-tagging: team=data%20ops&kind=nightly%2Ffull"
    };

    @Test
    void everyObjectThatABackupWritesIsGivenThem() {
        List<String> writes = writesOfABackup(OPTIONS);

        assertThat(writes).hasSize(4).allSatisfy(head -> assertThat(head).contains(HEADERS));
        assertThat(writes.get(0)).as("the archive").startsWith("POST ").contains(".zip?uploads");
        assertThat(writes.get(1)).as("its manifest").startsWith("PUT ").contains("/manifest.json");
        assertThat(writes.get(2))
                .as("the copy")
                .contains("/backups/latest/default/20", "x-amz-copy-source: ", "x-amz-tagging-directive: REPLACE");
        assertThat(writes.get(3)).as("the manifest beside the copy").contains("/backups/latest/default/manifest.json");
    }

    @Test
    void withoutThemNothingIsSaid() {
        assertThat(writesOfABackup(Map.of())).hasSize(4).allSatisfy(head -> assertThat(head)
                .doesNotContain("x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-tagging"));
    }

    private static List<String> writesOfABackup(Map<String, String> options) {
        TestDatabase database = PostgresServer.V15
                .createDatabase()
                // Too large for one part.
                .run("CREATE TABLE a AS SELECT md5(i::text) FROM generate_series(1, 700000) i");
        try (TestStore store = TestStore.start();
                S3Gateway gateway = S3Gateway.to(store);
                Relay relay = Relay.to(gateway.port())) {
            // S3Proxy takes all of them, and keeps none.
            gateway.keepOptions();
            Map<String, String> settings = new java.util.HashMap<>(options);
            settings.put("DATABASE_URL", database.url());
            settings.put("S3_ENDPOINT", "http://127.0.0.1:" + relay.port());
            try (BactrianService service =
                    BactrianService.start(settings, PostgresServer.V15.createDatabase(), store)) {
                service.goodBackUp();
                Awaitility.await().until(() -> store.keys().contains("backups/latest/default/manifest.json"));
            }
            return HEAD.matcher(relay.sent())
                    .results()
                    .filter(head ->
                            head.group().startsWith("PUT ") || head.group(1).endsWith("?uploads"))
                    .filter(head -> !head.group(1).contains("uploadId="))
                    .map(head -> head.group())
                    .toList();
        }
    }
}
