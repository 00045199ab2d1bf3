package dev.bactrian.cli;

import dev.bactrian.app.App;
import dev.bactrian.app.Mode;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.config.Settings;
import dev.bactrian.restore.source.BackupFinder;
import dev.bactrian.support.Units;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bactrian verify}: reads an archive, without the control database. */
@Command(
        name = "verify",
        description = {
            "Proves a backup: restores it into a scratch database on the server of VERIFY_DATABASE_URL, and compares"
                    + " all rows,",
            "sequences and definitions with the archive. With --archive-only, only reads the archive."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 the backup is proven, 1 it differs or can't be read, 2 wrong usage or configuration."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final String LINE = "  %-12s %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "BACKUP",
            description = "An id, latest, latest:DATABASE, the key of an archive in the store, or a zip file on this"
                    + " machine.")
    private String backup;

    @Option(
            names = "--archive-only",
            description = "Read the whole archive and compare it with its manifest; no database is needed.")
    private boolean archiveOnly;

    @Mixin
    private final DecryptKeyOption decryptKey = new DecryptKeyOption();

    @Override
    public Integer call() throws Exception {
        CommandLogging.logs();
        BackupFinder.Kind kind = BackupFinder.kind(backup);
        boolean fromFile = kind == BackupFinder.Kind.FILE;
        if (!archiveOnly) {
            return new ScratchVerification(
                            spec.commandLine().getOut(), spec.commandLine().getErr())
                    .run(backup, fromFile, decryptKey.settings());
        }
        Settings settings = SettingsLoader.loadWithoutDatabases(decryptKey.settings(), !fromFile);
        try (App app = new App(settings, fromFile ? Mode.FILE_RESTORE : Mode.RESTORE)) {
            app.start();
            return fromFile ? verifyFile(app, Path.of(backup)) : verifyStored(app, kind);
        }
    }

    private int verifyStored(App app, BackupFinder.Kind kind) throws Exception {
        Exchange found = RouteCall.send(app, "direct:find-key", exchange -> {
            exchange.setProperty("backup", backup);
            exchange.setProperty("kind", kind.name());
            exchange.setProperty("key", backup);
        });
        String key = found.getProperty("key", String.class);
        Exchange checked = RouteCall.send(app, "direct:verify-archive", exchange -> {
            exchange.setProperty("backup", backup);
            exchange.setProperty("kind", kind.name());
            exchange.setProperty("key", key);
        });
        return print(report(checked), true);
    }

    private int verifyFile(App app, Path file) throws Exception {
        String manifest = BackupFinder.besideFile(backup);
        try (InputStream in = Files.newInputStream(file)) {
            Exchange checked = RouteCall.send(app, "direct:verify-file", exchange -> {
                exchange.setProperty("kind", BackupFinder.Kind.FILE.name());
                exchange.setProperty("backup", backup);
                exchange.setProperty("key", backup);
                exchange.setProperty("manifestText", manifest);
                exchange.setProperty("file", in);
            });
            return print(report(checked), manifest != null);
        }
    }

    private static ArchiveReport report(Exchange answer) {
        return answer.getMessage().getBody(ArchiveReport.class);
    }

    private int print(ArchiveReport report, boolean comparedWhole) {
        PrintWriter out = spec.commandLine().getOut();
        report.differences().forEach(difference -> out.println("DIFFERENT  " + difference));
        out.println("Verified without a database");
        out.printf(LINE, "Archive", report.key());
        out.printf(LINE, "Size", Units.readable(report.bytes()));
        boolean encrypted = !report.readers().isEmpty();
        if (encrypted) {
            out.printf(LINE, "Encrypted", "for the keys " + String.join(", ", report.readers()));
            out.printf(LINE, "Not checked", "the contents: pass the private key with --decrypt-key FILE");
        } else {
            out.printf(LINE, "Entries", report.entries());
            out.printf(LINE, "Tables", report.tables() + " with " + Units.counted(report.rows(), "row"));
        }
        if (!comparedWhole) {
            out.printf(LINE, "Not compared", "the SHA-256 of the whole archive: its manifest isn't next to the file");
        }
        boolean whole = report.differences().isEmpty();
        out.printf(
                LINE,
                "Result",
                whole
                        ? encrypted
                                ? "intact as far as can be checked without the key: it is what was stored"
                                : "intact: everything in it is what its manifest says"
                        : "not what its manifest says; don't rely on this backup");
        out.flush();
        return whole ? 0 : BactrianCommand.FAILED;
    }
}
