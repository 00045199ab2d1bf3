package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.S3Gateway.Request;
import dev.bactrian.testing.stores.TestStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that refuse, or ignore, what S3_CHECKSUMS, S3_STORAGE_CLASS, S3_SSE and S3_TAGS ask for. */
class OptionsOfOtherServersIT {

    /** Ceph's RADOS gateway before version 17: it doesn't know checksums that follow the content. */
    private static final Predicate<Request> TRAILING = request -> request.says("-PAYLOAD-TRAILER");

    @TempDir
    private Path work;

    private static TestStore store;
    private S3Gateway gateway;

    @BeforeAll
    static void startStore() {
        store = TestStore.start();
    }

    @AfterAll
    static void stopStore() {
        store.close();
    }

    @BeforeEach
    void start() {
        gateway = S3Gateway.to(store);
    }

    @AfterEach
    void stop() {
        gateway.close();
        store.keys().forEach(store::delete);
    }

    private S3Settings settings(String... own) {
        Map<String, String> settings = new HashMap<>();
        for (int at = 0; at < own.length; at += 2) {
            settings.put(own[at], own[at + 1]);
        }
        return Stores.settings(store, gateway.endpoint(), settings);
    }

    /** Both say the same: what was refused, in which words, and what to set. */
    private void assertNamed(S3Settings settings, String... words) {
        assertThat(Stores.upload(settings, work)).contains(words);
        List<CheckResult> failures = Stores.failures(settings);
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).line()).contains(words);
        assertThat(store.keys()).isEmpty();
        assertThat(store.danglingUploads()).isEmpty();
    }

    @Test
    void checksumsThatAreRefusedAreNamed() {
        gateway.refuse(TRAILING, 400, "XAmzContentSHA256Mismatch", null);

        assertNamed(settings(), "S3 answered 400 XAmzContentSHA256Mismatch.", "Set S3_CHECKSUMS=when_required.");

        S3Settings cured = settings("S3_CHECKSUMS", "when_required");
        assertThat(Stores.failures(cured)).isEmpty();
        assertThat(Stores.upload(cured, work)).isNull();
        assertThat(store.keys()).containsExactly(Stores.KEY);
    }

    @Test
    void aRefusalInOtherWordsIsFoundOutAllTheSame() {
        gateway.refuse(
                request -> request.says("x-amz-sdk-checksum-algorithm"),
                501,
                "NotImplemented",
                "A header you provided implies functionality that is not implemented");

        assertNamed(
                settings("S3_TAGS", "a=b"),
                "S3 answered 501 NotImplemented.",
                "The server says: A header you provided implies functionality that is not implemented.",
                "Set S3_CHECKSUMS=when_required.");
    }

    @Test
    void aStorageClassIsNamed() {
        gateway.refuse(
                request -> request.says("x-amz-storage-class"), 400, "InvalidStorageClass", "Invalid storage class.");

        assertNamed(
                settings("S3_STORAGE_CLASS", "GLACIER_IR", "S3_TAGS", "a=b"),
                "S3 answered 400 InvalidStorageClass.",
                "The server says: Invalid storage class.",
                "Set S3_STORAGE_CLASS without a value.");
    }

    @Test
    void tagsAndEncryptionThatAreBothRefusedAreBothNamed() {
        gateway.refuse(request -> request.says("x-amz-tagging"), 403, "AccessDenied", "not authorized to tag");
        gateway.refuse(request -> request.says("x-amz-server-side-encryption"), 400, "InvalidRequest", "no KMS here");

        assertNamed(
                settings("S3_TAGS", "a=b", "S3_SSE", "aws:kms", "S3_SSE_KMS_KEY_ID", "k"),
                "The server says: not authorized to tag.",
                "Set S3_TAGS without a value, and S3_SSE=none, or allow it: s3:PutObjectTagging");
    }

    @Test
    void aKeyThatTheServerDoesNotHaveIsNamedAlone() {
        gateway.refuse(
                request -> request.says("aws-kms-key-id"), 400, "KMS.NotFoundException", "Invalid keyId &apos;k&apos;");

        assertNamed(
                settings("S3_SSE", "aws:kms", "S3_SSE_KMS_KEY_ID", "k"),
                "KMS.NotFoundException",
                "The server says: Invalid keyId 'k'.",
                "Set S3_SSE_KMS_KEY_ID to a key of this server.");
    }

    @Test
    void whatNoSettingCuresIsToldInTheServersWords() {
        gateway.refuse(request -> "PUT".equals(request.method()), 400, "QuotaExceeded", "The bucket is full.");

        S3Settings settings = settings("S3_TAGS", "a=b");

        assertThat(Stores.upload(settings, work))
                .contains("S3 answered 400 QuotaExceeded. The server says: The bucket is full.")
                .doesNotContain("S3_TAGS", "S3_CHECKSUMS");
        assertThat(Stores.failures(settings).get(0).line()).contains("The bucket is full.");
    }

    @Test
    void encryptionThatWasIgnoredIsNoSuccess() {
        S3Settings settings = settings("S3_SSE", "AES256");
        String[] words = {"The S3 server ignored", "S3_SSE is AES256, but the server reports no encryption"};

        assertNamed(settings, words);

        gateway.keepOptions();
        assertThat(Stores.upload(settings, work)).isNull();
        assertThat(Stores.failures(settings)).isEmpty();
    }

    @Test
    void aBackupThatIsStoredWithoutItsEncryptionFails() {
        TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a AS SELECT 1 AS i");
        Map<String, String> own = Map.of(
                "DATABASE_URL",
                database.url(),
                "S3_ENDPOINT",
                gateway.endpoint().toString(),
                "S3_SSE",
                "AES256");
        try (BactrianService service = BactrianService.start(own, PostgresServer.V15.createDatabase(), store)) {
            JsonNode failed = service.awaitEnd(service.request("{}"));

            assertThat(failed.path("status").asText()).isEqualTo("failed");
            assertThat(failed.path("error_text").asText()).contains("The S3 server ignored", "S3_SSE is AES256");
            assertThat(store.keys()).isEmpty();

            gateway.keepOptions();
            service.goodBackUp();
            assertThat(store.keys()).isNotEmpty();
        }
    }
}
