package dev.bactrian.restore.steps;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.Platform;
import dev.bactrian.restore.RestoreEvidence;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRun;
import dev.bactrian.restore.Target;
import dev.bactrian.restore.ddl.EntryText;
import dev.bactrian.restore.ddl.RawText;
import dev.bactrian.restore.ddl.RestoreScripts;
import dev.bactrian.restore.roles.RolesScript;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Fetches what a restore needs of an archive beside the rows: the schema dump, and the roles. */
public final class SavedFiles {

    /** Bytes of their script; more than it can have. */
    public static final int LARGEST_ROLES = 64 << 20;

    /** Files up to that size are read to their end before anything is written; larger ones are proven as they are used. */
    private static final long PROVEN_BEFORE = 64L << 20;

    private static final int BUFFER = 1 << 16;

    /** What a restore of a part needs: damage elsewhere doesn't keep it from coming back. */
    private static final Set<String> OF_PARTS = Set.of(
            EntryNames.SCHEMA_DUMP,
            EntryNames.SEQUENCES,
            EntryNames.DEPENDENCIES,
            EntryNames.LARGE_OBJECTS,
            EntryNames.DATABASE,
            EntryNames.EXTENSIONS);

    private static final Pattern OF_ROLE =
            Pattern.compile("(?m)^(COMMENT ON|ALTER|CREATE) ROLE \\S+|^GRANT \\S+ TO \\S+");

    /** Copies the schema dump, small beside any data, to where pg_restore can read it. */
    public void fetchSchemaDump(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws IOException {
        try {
            CheckedEntry.use(
                    saved,
                    EntryNames.SCHEMA_DUMP,
                    in -> Files.copy(in, RestoreScripts.schemaDump(run), StandardCopyOption.REPLACE_EXISTING));
        } catch (DamagedArchiveException e) {
            throw damaged(
                    e,
                    "Use another backup. The definition of a single table may still be intact in its schema.sql: see "
                            + "README.txt.");
        }
    }

    /**
     * Reads the archive's files, small beside any data, and holds them against the manifest: whoever has changed one, if it is only
     * the README, may have changed all. Whole dumps in other formats aren't read: no restore by Bactrian uses them.
     *
     * @throws ProblemException when one isn't what was saved
     */
    public void prove(@ExchangeProperty("run") RestoreRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws IOException {
        try (StoppableRun.Work work = run.beginWork()) {
            for (String name : saved.manifest().files().keySet()) {
                boolean used = run.getRequest().isEverything()
                        ? !EntryNames.SCRIPT.equals(name) && !EntryNames.isFormatDump(name)
                        : OF_PARTS.contains(name);
                if (used && saved.reader().size(name) <= PROVEN_BEFORE) {
                    prove(name, saved, run);
                }
            }
            run.getEvidence().done("prove-files");
        } catch (DamagedArchiveException e) {
            throw damaged(
                    e, "Use another backup; ./bactrian verify --archive-only shows how much of this one is intact.");
        }
    }

    private static void prove(String name, SavedBackup saved, RestoreRun run) throws IOException {
        CheckedEntry.use(saved, name, in -> {
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (run.isStopped()) {
                    throw new IOException("The restore was stopped");
                }
                run.getProgress().alive();
                bytes += count;
            }
            return bytes;
        });
    }

    private static ProblemException damaged(DamagedArchiveException e, String remedy) {
        return new ProblemException(
                new Problem("The archive is damaged: " + e.getMessage() + ".", "Nothing was changed.", remedy), e);
    }

    private static NotApplied noRoles(@Nullable String why) {
        return new NotApplied("roles", why + ". None of its roles was created.", null);
    }

    /** Makes the roles that the target lacks, where everything is restored. */
    public void restoreRoles(
            @ExchangeProperty("run") RestoreRun run,
            @ExchangeProperty("target") Target target,
            @ExchangeProperty("saved") SavedBackup saved)
            throws IOException, SQLException {
        RestoreEvidence.requireMarked(run);
        if (areRolesWanted(run.getRequest(), saved)) {
            makeRoles(run, target, saved);
        }
        run.getEvidence().done("restore-roles");
    }

    /** Whether it makes roles, and the archive has them. */
    static boolean areRolesWanted(RestoreRequest request, SavedBackup saved) {
        return request.isEverything()
                && !request.is(RestoreRequest.Option.SKIP_ROLES)
                && !request.is(RestoreRequest.Option.DATA_ONLY)
                && saved.reader().has(EntryNames.ROLES);
    }

    private static void makeRoles(RestoreRun run, Target target, SavedBackup saved) throws IOException, SQLException {
        byte[] script;
        RolesScript roles;
        try {
            script = CheckedEntry.read(saved, EntryNames.ROLES, LARGEST_ROLES);
        } catch (DamagedArchiveException e) {
            run.getReport().add(noRoles("The archive is damaged: " + e.getMessage()));
            return;
        }
        try {
            roles = RolesScript.parse(text(script, run.getReport()));
        } catch (IOException e) {
            run.getReport().add(noRoles(e.getMessage()));
            return;
        }
        try (Connection connection = target.connection()) {
            roles.apply(connection, name -> target.isSupabase() && Platform.role(name))
                    .forEach(run.getReport()::add);
            if (!roles.existing().isEmpty()) {
                run.getReport()
                        .note("Roles that existed already stayed as they are: " + String.join(", ", roles.existing())
                                + ".");
            }
        }
    }

    /** Roles' comments and settings may be no text, where databases are in SQL_ASCII: such statements are left out, and told. */
    private static String text(byte[] script, RestoreReport report) {
        String bytes = new String(script, StandardCharsets.ISO_8859_1);
        if (RawText.isText(bytes)) {
            return EntryText.forDriver(bytes);
        }
        StringBuilder text = new StringBuilder();
        for (String statement : EntryText.statements(bytes)) {
            if (RawText.isText(statement)) {
                text.append(EntryText.forDriver(statement)).append("\n\n");
            } else {
                Matcher role = OF_ROLE.matcher(EntryText.forDriver(statement));
                report.add(new NotApplied(
                        role.find() ? role.group() : "roles",
                        "A statement has bytes that aren't valid UTF-8. Run it by hand; it is in db/roles.sql.",
                        null));
            }
        }
        return text.toString();
    }
}
