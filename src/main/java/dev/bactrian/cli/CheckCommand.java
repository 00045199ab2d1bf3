package dev.bactrian.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.archive.Compression;
import dev.bactrian.backup.CheckResult;
import dev.bactrian.backup.Explainer;
import dev.bactrian.backup.FailureReason;
import dev.bactrian.backup.WorkFolder;
import dev.bactrian.config.ArchiveSettings;
import dev.bactrian.config.ConfigurationException;
import dev.bactrian.config.EncryptionSettings;
import dev.bactrian.config.Settings;
import dev.bactrian.database.ControlDatabase;
import dev.bactrian.database.Database;
import dev.bactrian.database.DatabaseErrors;
import dev.bactrian.dump.ConnectionCheck;
import dev.bactrian.dump.DatabaseCheck;
import dev.bactrian.dump.PgToolsFinder;
import dev.bactrian.encryption.Recipients;
import dev.bactrian.files.FilePlans;
import dev.bactrian.files.FilesCheck;
import dev.bactrian.storage.BucketCheck;
import dev.bactrian.storage.ProjectFiles;
import dev.bactrian.storage.S3Errors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bactrian check}. */
@Command(
        name = "check",
        description = "Looks at everything a backup needs, and says what to do where something is missing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private int failed;

    @Override
    public Integer call() {
        Quiet.logs();
        Settings settings = SettingsLoader.load(false);
        List<Explainer> explainers = new ArrayList<>(List.of(new DatabaseErrors()));
        if (settings.s3() != null) {
            explainers.add(new S3Errors(settings.s3()));
        }
        FailureReason reasons = new FailureReason(explainers);
        DatabaseCheck databases = new DatabaseCheck(
                Path.of("sql"),
                new PgToolsFinder(settings.pgBin()),
                reasons,
                new ConnectionCheck(settings.connections(), settings.parallelism()));
        for (Database database : settings.databases().all()) {
            databases.check(database).forEach(this::print);
            if (settings.supabase().storage()) {
                files(settings, reasons).check(database).ifPresent(this::print);
            }
        }
        if (settings.s3() != null) {
            new BucketCheck(settings.s3(), reasons).check().forEach(this::print);
        }
        print(controlDatabase(settings, reasons));
        print(workFolder(settings, reasons));
        print(compression(settings.archive()));
        print(encryption(settings.encryption()));
        return failed == 0 ? 0 : BactrianCommand.FAILED;
    }

    private static FilesCheck files(Settings settings, FailureReason reasons) {
        ProjectFiles stores = new ProjectFiles(settings.files().parallelism());
        return new FilesCheck(Path.of("sql"), new FilePlans(settings.files()), stores, reasons);
    }

    private static CheckResult controlDatabase(Settings settings, FailureReason reasons) {
        String name = "control database: migrations";
        try (HikariDataSource control = ControlDatabase.open(settings.controlDatabase())) {
            ControlDatabase.migrate(control);
            return CheckResult.good(name, "applied in " + settings.controlDatabase());
        } catch (Exception e) {
            return CheckResult.bad(name, reasons.explain(e, name));
        }
    }

    private static CheckResult workFolder(Settings settings, FailureReason reasons) {
        String name = "work folder: writable";
        try (WorkFolder folder = WorkFolder.open(settings.workDir())) {
            return CheckResult.good(name, settings.workDir().toString());
        } catch (Exception e) {
            return CheckResult.bad(name, reasons.explain(e, name));
        }
    }

    private static CheckResult compression(ArchiveSettings archive) {
        String name = "compression";
        try {
            return CheckResult.good(
                    name,
                    Compression.of(archive.compressor(), archive.compressionLevel())
                            .name());
        } catch (ConfigurationException e) {
            return new CheckResult(name, false, String.join(" ", e.errors()));
        }
    }

    /** Keys that can't be used were told with the settings. */
    private static CheckResult encryption(EncryptionSettings encryption) {
        Recipients recipients = encryption.recipients();
        return CheckResult.good(
                "encryption of archives",
                recipients == null
                        ? "off; BACKUP_ENCRYPT_TO switches it on"
                        : "OpenPGP, for " + String.join(", ", recipients.fingerprints()));
    }

    private void print(CheckResult result) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-7s %s: %s%n", result.good() ? "OK" : "FAILED", result.name(), result.detail());
        out.flush();
        if (!result.good()) {
            failed++;
        }
    }
}
