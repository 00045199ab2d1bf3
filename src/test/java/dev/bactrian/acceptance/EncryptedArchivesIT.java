package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.restore.steps.RestoreView;
import dev.bactrian.support.Sha256;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that only those can read for whom it is encrypted: made, checked, restored, by Bactrian and by hand. */
class EncryptedArchivesIT {

    private static final String SECRET_ROW = "nobody shall read this in the bucket";

    private static TestStore store;
    private static TestDatabase source;
    private static TestDatabase control;
    private static BactrianService service;
    private static JsonNode row;
    private static String key;

    @TempDir
    private Path folder;

    @BeforeAll
    static void backUp() {
        source = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE item (id int PRIMARY KEY, text text)",
                        "INSERT INTO item SELECT i, '" + SECRET_ROW
                                + "' || md5(i::text) FROM generate_series(1, 20000) i");
        store = TestStore.start();
        Map<String, String> settings = new HashMap<>(PostgresServer.V17.settings(source));
        settings.put("BACKUP_ENCRYPT_TO", PgpKeys.publicKey("bob").toString());
        settings.put("BACKUP_DECRYPT_KEY_FILE", PgpKeys.privateKey("bob").toString());
        settings.put("BACKUP_DECRYPT_PASSPHRASE", PgpKeys.PASSPHRASE_OF_BOB);
        settings.put("VERIFY_DATABASE_URL", PostgresServer.V17.createDatabase().url());
        settings.put("DATABASE_URL_SECOND", second().url());
        settings.put("RESTORE_API_KEY", BactrianService.RESTORE_KEY);
        control = PostgresServer.V17.createDatabase();
        service = BactrianService.start(settings, control, store);
        row = service.goodBackUp();
        key = row.path("s3_key").asText();
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    @Test
    void whatLiesInTheStoreIsTheEncryptedArchive() throws Exception {
        byte[] stored = Files.readAllBytes(store.download(key));
        JsonNode manifest = BactrianService.json(store.text(key.replaceFirst("[^/]+$", "manifest.json")));

        assertThat(key).endsWith("-UTC.zip.pgp");
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("PK\u0001\u0002", "manifest.json", SECRET_ROW);
        assertThat(row.path("size_bytes").asLong()).isEqualTo(stored.length);
        MessageDigest digest = Sha256.begin();
        digest.update(stored);
        assertThat(row.path("sha256").asText())
                .isEqualTo(Sha256.hex(digest))
                .isEqualTo(manifest.at("/archive/sha256").asText());
        assertThat(manifest.at("/archive/size").asLong()).isEqualTo(stored.length);
        assertThat(manifest.at("/archive/encryption/format").asText()).isEqualTo("OpenPGP");
        assertThat(manifest.at("/archive/encryption/recipients/0").asText())
                .isEqualTo(PgpKeys.recipients("bob").fingerprints().get(0));
        // The copy under latest/ is found by its own name, and the former one goes.
        Awaitility.await("the copy")
                .until(() -> store.keys().stream().anyMatch(name -> name.matches("backups/latest/.*[.]zip[.]pgp")));
        assertThat(service.workFiles()).isEmpty();
    }

    @Test
    void itComesBackByTheServiceAndIsProvenByIt() {
        String proof = service.send("POST", "/api/backups/" + row.path("id").asText() + "/verify", null)
                .body();
        Awaitility.await("the verification").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        service.backup(row.path("id").asText())
                                .path("verified_at")
                                .isTextual())
                .as(proof)
                .isTrue());
        Awaitility.await("an empty work folder").until(() -> service.workFiles().isEmpty());
    }

    @Test
    void itComesBackOverTheApiWhereTheKeyIs() {
        source.run("CREATE DATABASE " + second().name());
        Map<String, String> locked = new HashMap<>(PostgresServer.V17.settings(source));
        locked.put("DATABASE_URL_SECOND", second().url());
        locked.put("RESTORE_API_KEY", BactrianService.RESTORE_KEY);
        try (BactrianService without = BactrianService.start(locked, control, store)) {
            JsonNode refused = restored(without, row.path("id").asText());
            assertThat(refused.path("status").asText()).isEqualTo("failed");
            assertThat(refused.path("error_text").asText())
                    .contains("no private key is configured", "Nothing was changed.", "BACKUP_DECRYPT_KEY_FILE");
            assertThat(second().rowCounts()).isEmpty();
        }
        for (String backup : List.of(row.path("id").asText(), key, "latest")) {
            JsonNode restored = restored(service, backup);
            assertThat(restored.path("status").asText()).as(restored.toString()).isEqualTo("success");
            assertThat(second().contentDigests()).isEqualTo(source.contentDigests());
            second().run("DROP TABLE item");
        }
        Awaitility.await("an empty work folder").until(() -> service.workFiles().isEmpty());
    }

    private static TestDatabase second() {
        return new TestDatabase(source.port(), source.name() + "_second");
    }

    private static JsonNode restored(BactrianService by, String backup) {
        String body = "{\"backup\": \"%s\", \"database\": \"second\", \"confirm\": \"%s\"}"
                .formatted(backup, second().name());
        return by.restored(body);
    }

    @Test
    void itComesBackFromTheStoreAndFromAFile() throws IOException {
        Path file = Files.move(store.download(key), folder.resolve("backup.zip.pgp"));
        for (String backup : new String[] {"latest", file.toString()}) {
            TestDatabase target = PostgresServer.V17.createDatabase();
            try (Restoring restoring = Restoring.into(target, store, opening())) {
                Restoring.Result result = restoring.run(Restoring.everything(backup));

                assertThat(result.outcome()).as(result.told()).isEqualTo(RestoreView.Outcome.SUCCESS);
                assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
                assertNoFileIsLeft(restoring);
            }
        }
    }

    @Test
    void whoeverHasNotTheKeyIsToldSoAndNothingIsWritten() {
        assertRefused(Map.of(), key, "is encrypted, and no private key is configured", "--decrypt-key FILE");
        assertRefused(
                Map.of("BACKUP_DECRYPT_KEY_FILE", PgpKeys.privateKey("alice").toString()),
                key,
                "is encrypted for",
                "the private key is a different one");
        assertRefused(
                Map.of("BACKUP_DECRYPT_KEY_FILE", PgpKeys.privateKey("bob").toString()),
                key,
                "protected by a passphrase, and no passphrase is set",
                "BACKUP_DECRYPT_PASSPHRASE");
    }

    @Test
    void whatIsDamagedOrCutOrNotTheOneThatWasStoredIsRefusedBeforeAnythingIsWritten() throws IOException {
        byte[] sealed = Files.readAllBytes(store.download(key));
        byte[] damaged = sealed.clone();
        damaged[damaged.length / 2] ^= 1;
        for (byte[] bad : List.of(damaged, Arrays.copyOf(sealed, sealed.length - 30))) {
            Path file = Files.write(folder.resolve("bad.zip.pgp"), bad);
            assertRefused(opening(), file.toString(), "The archive can't be used", "verify --archive-only");
        }
        // In the store a manifest tells what it must be, whoever could encrypt another.
        String other = "backups/archive/2026-11-20T03-00-00Z/backup-2026-11-20-03-00-UTC.zip.pgp";
        store.put(other, damaged);
        store.put(
                other.replaceFirst("[^/]+$", "manifest.json"),
                store.text(key.replaceFirst("[^/]+$", "manifest.json"))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try {
            assertRefused(opening(), other, "The archive can't be used");
        } finally {
            store.delete(other);
            store.delete(other.replaceFirst("[^/]+$", "manifest.json"));
        }
    }

    @Test
    void verifyReadsItFromOutsideWithoutAKeyAndWholeWithOne() throws IOException {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("WORK_DIR", folder.resolve("work").toString());

        Run outside = Run.bactrian(settings, "verify", key, "--archive-only");
        assertThat(outside.exit()).as(outside.out() + outside.err()).isZero();
        assertThat(outside.out())
                .containsPattern("Encrypted +for the keys [0-9A-F]{16}")
                .containsPattern("Not checked +the contents: pass the private key with --decrypt-key FILE")
                .containsPattern("Result +intact as far as can be checked without the key");

        settings.put("BACKUP_DECRYPT_PASSPHRASE", PgpKeys.PASSPHRASE_OF_BOB);
        Run inside = Run.bactrian(
                settings,
                "verify",
                key,
                "--archive-only",
                "--decrypt-key",
                PgpKeys.privateKey("bob").toString());
        assertThat(inside.exit()).as(inside.out() + inside.err()).isZero();
        assertThat(inside.out())
                .containsPattern("Tables +1 with 20000 rows")
                .containsPattern("Result +intact: everything");
    }

    @Test
    void verifyFindsDamageFromOutsideAndFromInside() throws Exception {
        byte[] bytes = Files.readAllBytes(store.download(key));
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
        byte[] damaged = bytes.clone();
        damaged[damaged.length - 10] ^= 1;
        byte[] noise = new byte[1000];
        TestDatabase nobody = PostgresServer.V17.createDatabase();
        try (Restoring locked = Restoring.into(nobody, store)) {
            assertThat(differences(locked, bytes)).isEmpty();
            assertThat(differences(locked, cut)).isNotEmpty();
            assertThat(differences(locked, noise)).isNotEmpty();
        }
        try (Restoring open = Restoring.into(nobody, store, opening())) {
            assertThat(differences(open, bytes)).isEmpty();
            assertThat(differences(open, cut)).isNotEmpty();
            assertThat(differences(open, noise)).isNotEmpty();
            assertThat(differences(open, damaged)).anyMatch(text -> text.contains("integrity check fails"));
        }
    }

    private static List<String> differences(Restoring app, byte[] archive) throws Exception {
        Exchange answer = app.app().producer().request("direct:check-archive", exchange -> {
            exchange.setProperty("key", "backup.zip.pgp");
            exchange.getMessage().setBody(new ByteArrayInputStream(archive));
        });
        assertThat(answer.getException()).isNull();
        return answer.getMessage().getBody(ArchiveReport.class).differences();
    }

    /** As docs/encryption.md says. */
    @Test
    void gpgOpensItByHand() throws Exception {
        Assumptions.assumeTrue(Run.shell(folder, Map.of(), "command -v gpg").exit() == 0, "gpg isn't installed here");
        Files.move(store.download(key), folder.resolve("backup.zip.pgp"));
        Path home = Files.createDirectory(
                folder.resolve("home"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        String loopback = "gpg --batch --pinentry-mode loopback --passphrase '" + PgpKeys.PASSPHRASE_OF_BOB + "' ";
        Run run = Run.shell(
                folder,
                Map.of("GNUPGHOME", home.toString()),
                loopback + "--import '" + PgpKeys.privateKey("bob") + "' && " + loopback
                        + "--decrypt backup.zip.pgp > backup.zip && gpgconf --kill gpg-agent");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("not integrity protected", "WARNING");
        TestDatabase target = PostgresServer.V17.createDatabase();
        try (Restoring restoring = Restoring.into(target, store)) {
            Restoring.Result result = restoring.run(
                    Restoring.everything(folder.resolve("backup.zip").toString()));
            assertThat(result.outcome()).as(result.told()).isEqualTo(RestoreView.Outcome.SUCCESS);
            assertThat(target.contentDigests()).isEqualTo(source.contentDigests());
        }
    }

    private static Map<String, String> opening() {
        return Map.of(
                "BACKUP_DECRYPT_KEY_FILE",
                PgpKeys.privateKey("bob").toString(),
                "BACKUP_DECRYPT_PASSPHRASE",
                PgpKeys.PASSPHRASE_OF_BOB);
    }

    private static void assertRefused(Map<String, String> settings, String backup, String... words) {
        TestDatabase target = PostgresServer.V17.createDatabase();
        try (Restoring restoring = Restoring.into(target, store, settings)) {
            Restoring.Result result = restoring.run(Restoring.everything(backup));

            assertThat(result.problem()).as(backup).isNotNull();
            assertThat(result.problem().text()).contains(words).contains("Nothing was changed");
            assertThat(target.rowCounts()).isEmpty();
            assertNoFileIsLeft(restoring);
        }
    }

    private static void assertNoFileIsLeft(Restoring restoring) {
        try (var files = Files.walk(restoring.workDir())) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")))
                    .isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
