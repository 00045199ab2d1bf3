package dev.bactrian.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.steps.RestoreView.Outcome;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Restoring;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.keys.PgpKeys;
import dev.bactrian.testing.keys.SigningKeys;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import dev.bactrian.testing.stores.ZipEdits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where there is no history: only what the holder of the key has signed is restored or proven, as what it was signed for. */
class SignedArchivesIT {

    private static final PostgresServer SERVER = PostgresServer.V17;
    private static final SigningKeys KEYS = SigningKeys.make();
    private static final SigningKeys OTHERS = SigningKeys.make();

    private static TestDatabase source;
    private static TestDatabase target;
    private static TestStore store;
    private static JsonNode unsigned;
    private static JsonNode older;
    private static JsonNode newer;
    private static JsonNode encrypted;
    private static Restoring restoring;

    @TempDir
    private Path folder;

    @BeforeAll
    static void backUp() {
        source = SERVER.createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE TABLE app.\"\u00e4rger\" (id int PRIMARY KEY, note text)",
                        "INSERT INTO app.\"\u00e4rger\" SELECT n, md5(n::text) FROM generate_series(1, 100) n");
        target = SERVER.createDatabase();
        store = TestStore.start();
        TestDatabase control = SERVER.createDatabase();
        Map<String, String> settings = new HashMap<>(SERVER.settings(source));
        try (BactrianService service = BactrianService.start(settings, control, store)) {
            unsigned = service.goodBackUp();
        }
        settings.put("BACKUP_SIGN_KEY_FILE", KEYS.privateFile().toString());
        try (BactrianService service = BactrianService.start(settings, control, store)) {
            older = service.goodBackUp();
            newer = service.goodBackUp();
        }
        settings.put("BACKUP_ENCRYPT_TO", PgpKeys.publicKey("bob").toString());
        try (BactrianService service = BactrianService.start(settings, control, store)) {
            encrypted = service.goodBackUp();
        }
        restoring = requiring(KEYS.publicFile().toString());
    }

    private static Restoring requiring(String keys) {
        return Restoring.into(
                target,
                store,
                Map.of(
                        "RESTORE_VERIFY_KEY",
                        keys,
                        "BACKUP_DECRYPT_KEY_FILE",
                        PgpKeys.privateKey("bob").toString(),
                        "BACKUP_DECRYPT_PASSPHRASE",
                        PgpKeys.PASSPHRASE_OF_BOB));
    }

    @AfterAll
    static void stop() {
        restoring.close();
        store.close();
    }

    private static String key(JsonNode row) {
        return row.path("s3_key").asText();
    }

    private static String beside(JsonNode row) {
        return key(row).replaceFirst("[^/]+$", "manifest.json");
    }

    private static Restoring.Result dryRun(Restoring by, String backup) {
        return by.run(Restoring.everything(backup, Option.DRY_RUN));
    }

    private static void requireGood(Restoring.Result result) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.DRY_RUN);
        assertThat(result.told()).doesNotContain("Warning");
    }

    private static void requireRefused(Restoring.Result result, String why) {
        assertThat(result.outcome()).as(result.told()).isEqualTo(Outcome.FAILED);
        assertThat(result.told()).contains(why, "Nothing was changed");
        assertThat(target.rowCounts()).isEmpty();
    }

    private Path download(JsonNode row) throws IOException {
        Path file = folder.resolve(key(row).replaceFirst(".*/", ""));
        Files.copy(store.download(key(row)), file);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "key", "latest"})
    void aSignedBackupIsRestoredByEachOfItsNames(String name) {
        JsonNode row = name.equals("latest") ? encrypted : newer;
        String backup = Map.of("id", row.path("id").asText(), "key", key(row)).getOrDefault(name, name);

        requireGood(dryRun(restoring, backup));
    }

    @Test
    void soIsAFileWithItsManifestAndWithout() throws IOException {
        for (JsonNode row : List.of(newer, encrypted)) {
            Path file = download(row);
            requireGood(dryRun(restoring, file.toString()));
            Files.writeString(folder.resolve("manifest.json"), store.text(beside(row)));
            requireGood(dryRun(restoring, file.toString()));
            Files.writeString(
                    folder.resolve("manifest.json"), store.text(beside(row)).replace("table", "Table"));
            requireRefused(dryRun(restoring, file.toString()), "isn't signed by a key");
            Files.delete(folder.resolve("manifest.json"));
        }
    }

    @Test
    void whatIsNotSignedIsRefused() throws IOException {
        requireRefused(dryRun(restoring, key(unsigned)), "isn't signed, and RESTORE_VERIFY_KEY");
        requireRefused(dryRun(restoring, unsigned.path("id").asText()), "isn't signed, and RESTORE_VERIFY_KEY");
        requireRefused(dryRun(restoring, download(unsigned).toString()), "isn't signed, and RESTORE_VERIFY_KEY");
    }

    @Test
    void whatAnotherHasSignedIsRefusedUnlessHisKeyIsNamedToo() {
        try (Restoring other = requiring(OTHERS.publicPem());
                Restoring both = requiring(OTHERS.publicPem() + KEYS.publicPem())) {
            requireRefused(dryRun(other, key(newer)), "isn't signed by a key");
            requireGood(dryRun(both, key(newer)));
        }
    }

    /** Genuine, and older: it is signed for its own id and key. */
    @Test
    void anOlderSignedPairIsNotTakenForANewerOne() throws IOException {
        byte[] archive = Files.readAllBytes(store.download(key(newer)));
        String manifest = store.text(beside(newer));
        try {
            store.put(key(newer), Files.readAllBytes(store.download(key(older))));
            store.put(beside(newer), store.text(beside(older)).getBytes(StandardCharsets.UTF_8));

            requireRefused(dryRun(restoring, key(newer)), "belongs to another archive");
            requireRefused(dryRun(restoring, newer.path("id").asText()), "no manifest in it names this backup");

            store.put(beside(newer), manifest.getBytes(StandardCharsets.UTF_8));
            requireRefused(dryRun(restoring, key(newer)), "manifest next to it");
        } finally {
            store.put(key(newer), archive);
            store.put(beside(newer), manifest.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void anotherDatabasesSignedBackupIsNotTheLatestOfThisOne() {
        String latest = "backups/latest/second/manifest.json";
        store.put(latest, store.text(beside(newer)).getBytes(StandardCharsets.UTF_8));
        try {
            requireRefused(dryRun(restoring, "latest:second"), "isn't a backup of second");
        } finally {
            store.delete(latest);
        }
    }

    @Test
    void aChangedArchiveIsRefusedWhateverIsChanged() throws IOException {
        byte[] archive = Files.readAllBytes(store.download(key(newer)));
        Path file = folder.resolve("crafted.zip");

        Files.write(
                file,
                ZipEdits.of(archive).manifest(tree -> tree.put("note", "x")).zip());
        requireRefused(dryRun(restoring, file.toString()), "isn't signed");
        Files.write(
                file,
                ZipEdits.of(archive).change("db/roles.sql", text -> text + " ").zip());
        requireRefused(dryRun(restoring, file.toString()), "db/roles.sql");
        Files.write(
                file,
                ZipEdits.of(archive)
                        .change("db/roles.sql", text -> text.replace('e', 'E'))
                        .zip());
        requireRefused(dryRun(restoring, file.toString()), "db/roles.sql");
        Files.write(file, ZipEdits.of(archive).add("db/more.sql", "x").zip());
        requireRefused(dryRun(restoring, file.toString()), "db/more.sql");
    }

    @Test
    void theCommandsAskForItToo() throws IOException {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        settings.put("WORK_DIR", folder.resolve("work").toString());
        settings.put("DATABASE_URL_TARGET", target.url());
        settings.put("VERIFY_DATABASE_URL", new TestDatabase(SERVER.port(), "postgres").url());
        String good = KEYS.publicFile().toString();
        String wrong = OTHERS.publicPem();

        for (String[] words : List.of(
                new String[] {"verify", key(newer), "--archive-only"},
                new String[] {"verify", key(newer)},
                new String[] {"verify", download(newer).toString(), "--archive-only"},
                new String[] {"restore", key(newer), "--to", "target", "--dry-run"})) {
            Run refused = Run.bactrian(settings, with(words, wrong));
            assertThat(refused.exit()).as(refused.out() + refused.err()).isEqualTo(1);
            assertThat(refused.err()).contains("isn't signed by a key");
        }
        Run whole = Run.bactrian(settings, with(new String[] {"verify", key(newer), "--archive-only"}, good));
        assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
        Run broken = Run.bactrian(settings, with(new String[] {"verify", key(newer)}, "no-such-file"));
        assertThat(broken.exit()).isEqualTo(2);
        assertThat(broken.err()).contains("RESTORE_VERIFY_KEY names a file that can't be read");
    }

    private static String[] with(String[] words, String key) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--verify-key";
        all[words.length + 1] = key;
        return all;
    }

    @Test
    void checkShowsThePublicHalfAndABadKeyIsRefusedAtTheStart() throws IOException {
        Map<String, String> settings = new HashMap<>(store.settings());
        settings.putAll(SERVER.settings(source));
        settings.put("BACKUP_SIGN_KEY_FILE", KEYS.privateFile().toString());
        settings.put("PG_BIN", BactrianService.pg17().toString());
        settings.put("WORK_DIR", folder.resolve("work").toString());

        Run check = Run.bactrian(settings, "check");
        settings.put("BACKUP_SIGN_KEY_FILE", KEYS.publicFile().toString());
        Run bad = Run.bactrian(settings, "check");

        Matcher line = Pattern.compile("OK +signing of manifests: .*?with the public key (\\S+)")
                .matcher(check.out());
        assertThat(line.find()).as(check.out() + check.err()).isTrue();
        try (Restoring byLine = requiring(line.group(1))) {
            requireGood(dryRun(byLine, key(newer)));
        }
        assertThat(bad.exit()).isEqualTo(2);
        assertThat(bad.err()).contains("BACKUP_SIGN_KEY has a public key", "openssl genpkey -algorithm ed25519");
    }

    /** The commands of docs/signing.md, as they stand there. */
    @Test
    void aSignatureIsCheckedByHand() throws IOException {
        assumeTrue(
                Run.shell(folder, Map.of(), "openssl version").out().startsWith("OpenSSL 3"), "openssl 3 isn't here");
        String page = Files.readString(Path.of("docs/signing.md"));
        String commands = page.substring(page.indexOf("```\nsed "), page.indexOf("```", page.indexOf("```\nsed ") + 4))
                .substring(4);
        Files.writeString(folder.resolve("manifest.json"), store.text(beside(newer)));
        Files.copy(KEYS.publicFile(), folder.resolve("sign.pub"));

        Run good = Run.shell(folder, Map.of(), "set -e\n" + commands);
        Files.writeString(
                folder.resolve("manifest.json"), store.text(beside(newer)).replaceFirst("app", "aqq"));
        Run changed = Run.shell(folder, Map.of(), "set -e\n" + commands);

        assertThat(good.exit()).as(good.out() + good.err()).isZero();
        assertThat(good.out()).contains("Signature Verified Successfully");
        assertThat(changed.exit()).as(changed.out() + changed.err()).isNotZero();
    }
}
