package dev.bactrian.check;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.write.Compression;
import dev.bactrian.config.EncryptionSettings;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.config.S3Settings;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SigningSettings;
import dev.bactrian.dump.plan.SupabaseRecognition;
import dev.bactrian.encryption.Recipients;
import dev.bactrian.history.ControlDatabase;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.signing.SigningKey;
import dev.bactrian.store.BucketCheck;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/** Everything a backup needs, in the order in which it is told: by the command {@code check} and by the API alike. */
public final class Preconditions {

    private static final Path SQL = Path.of("sql");

    private final Settings settings;
    private final ErrorTranslators translators;
    private final Runnable workFolder;
    private final DatabaseCheck databases;

    /**
     * Prepares them.
     *
     * @param camel with the routes of {@code routes/check/} and of {@code routes/backup/detect/}
     * @param workFolder throws where the work folder can't be used. A process that has it open must not open it again: when a
     *     process closes a lock file, the system drops that process's lock on it, whoever of it has locked it
     */
    public Preconditions(
            Settings settings, ErrorTranslators translators, Supplier<CamelContext> camel, Runnable workFolder) {
        this.settings = settings;
        this.translators = translators;
        this.workFolder = workFolder;
        this.databases = new DatabaseCheck(
                camel,
                new DatabaseWords(
                        translators,
                        new ConnectionCheck(settings.connections(), settings.parallelism()),
                        new SupabaseRecognition(settings.supabase())));
    }

    /** Each of them, not looked at yet. */
    public List<Precondition> all() {
        List<Precondition> all = new ArrayList<>();
        for (Database database : settings.databases().all()) {
            all.add(new Precondition("database " + database.name(), () -> databases.check(database)));
        }
        S3Settings s3 = settings.s3();
        if (s3 != null) {
            all.add(new Precondition(
                    "bucket " + s3.bucket(),
                    () -> new BucketCheck(s3, translators, settings.archive().fullEvery() > 0).check()));
        }
        all.add(new Precondition("control database", this::controlDatabase));
        all.add(new Precondition("retention", () -> List.of(retention(settings.retention()))));
        all.add(new Precondition("work folder", () -> List.of(workFolder())));
        all.add(new Precondition("compression", () -> List.of(compression(settings.archive()))));
        all.add(new Precondition("encryption of archives", () -> List.of(encryption(settings.encryption()))));
        all.add(new Precondition("signing of manifests", () -> List.of(signing(settings.signing()))));
        return all;
    }

    private List<CheckResult> controlDatabase() {
        String subject = "control database";
        String name = "migrations";
        try (var control = ControlDatabase.open(settings.controlDatabase())) {
            ControlDatabase.migrate(settings.controlDatabase(), settings.historySchema(), control);
            return List.of(
                    CheckResult.good(
                            subject,
                            name,
                            "applied in " + settings.controlDatabase() + ", schema " + settings.historySchema()),
                    leftovers(subject, control));
        } catch (RuntimeException e) {
            return List.of(CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name)));
        }
    }

    private CheckResult leftovers(String subject, DataSource control) {
        String name = "leftovers in the store";
        try (Connection connection = control.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        settings.historySchema().in(Files.readString(SQL.resolve("triggers/count-leftovers.sql"))))) {
            count.next();
            long leftovers = count.getLong(1);
            return leftovers == 0
                    ? CheckResult.good(subject, name, "none")
                    : new CheckResult(
                            subject,
                            name,
                            false,
                            "what " + Units.counted(leftovers, "failed backup")
                                    + " may have stored couldn't be removed yet.",
                            "A running service retries every minute, and logs why it fails. Check the bucket.");
        } catch (SQLException | IOException e) {
            return CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name));
        }
    }

    private CheckResult workFolder() {
        String subject = "work folder";
        String name = "writable";
        try {
            workFolder.run();
            return CheckResult.good(subject, name, settings.workDir().toString());
        } catch (RuntimeException e) {
            return CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name));
        }
    }

    /** What the configuration says. It was written by people who read about it, and so it is told and not refused. */
    private static CheckResult retention(RetentionRules rules) {
        String name = "retention";
        return CheckResult.good(
                name,
                name,
                rules.keepsAll()
                        ? "every backup is kept"
                        : rules.keepsOne()
                                ? "WARNING: only one backup of each database is kept; if it is damaged, there is no "
                                        + "other"
                                : "by BACKUP_KEEP_...");
    }

    private static CheckResult compression(ArchiveSettings archive) {
        String name = "compression";
        try {
            String used = Compression.of(archive.compressor(), archive.compressionLevel())
                    .name();
            String advice = archive.compressor() == ArchiveSettings.Compressor.AUTO ? Compression.advice() : null;
            return CheckResult.good(name, name, advice == null ? used : used + ". " + advice);
        } catch (ConfigurationException e) {
            return new CheckResult(name, name, false, String.join(" ", e.errors()), null);
        }
    }

    /** The public half is for RESTORE_VERIFY_KEY, where archives are restored. */
    private static CheckResult signing(SigningSettings signing) {
        String name = "signing of manifests";
        SigningKey key = signing.key();
        return CheckResult.good(
                name,
                name,
                (key == null
                                ? "off; BACKUP_SIGN_KEY switches it on"
                                : "Ed25519, with the public key " + key.publicLine())
                        + (signing.required().isEmpty()
                                ? ""
                                : "; restores need a signature by "
                                        + String.join(" or ", signing.required().lines())));
    }

    /** Keys that can't be used were told with the settings. */
    private static CheckResult encryption(EncryptionSettings encryption) {
        String name = "encryption of archives";
        Recipients recipients = encryption.recipients();
        return CheckResult.good(
                name,
                name,
                recipients == null
                        ? "off; BACKUP_ENCRYPT_TO switches it on"
                        : "OpenPGP, for " + String.join(", ", recipients.fingerprints()));
    }
}
