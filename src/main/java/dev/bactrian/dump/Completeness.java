package dev.bactrian.dump;

import dev.bactrian.archive.ArchiveSettings;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.FileDigest;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.Settings;
import dev.bactrian.config.SupabaseSettings;
import dev.bactrian.dump.plan.ObjectSelection;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.dump.plan.TablePlan;
import dev.bactrian.dump.plan.WholeTable;
import dev.bactrian.postgres.Table;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.run.Evidence;
import dev.bactrian.support.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an archive holds everything that the plan says, and every step has been done without which it may hold something
 * else: routes can be edited. What the comments of the routes allow to leave out is written into the manifest as left out.
 */
final class Completeness {

    private static final String USERS_SCHEMA = Sha256.of(LastEntries.resource("/archive/users.schema.json"));

    private final ArchiveSettings archive;
    private final ExpectedEntries expected;
    private final SupabaseSettings supabase;
    private final boolean encrypted;
    private final boolean readBack;

    Completeness(Settings settings) {
        this.archive = settings.archive();
        this.expected = new ExpectedEntries(archive.formats());
        this.supabase = settings.supabase();
        this.encrypted = settings.encryption().isOn();
        this.readBack = settings.readBack();
    }

    /**
     * Before the manifest is written.
     *
     * @throws dev.bactrian.problem.ProblemException naming the step that isn't in the routes
     */
    void requireDumped(BackupRun run, Plan plan, ArchiveContents contents) {
        Evidence evidence = run.getEvidence();
        Map<String, String> missing = new LinkedHashMap<>();
        evidence.missing(steps(run, plan))
                .forEach(step -> missing.put(step, "without it, nothing proves what was read"));
        dataTables(plan)
                .filter(table -> contents.data(table.oid()).isEmpty())
                .forEach(table ->
                        missing.putIfAbsent(reader(plan, table), "the archive has no rows of " + table.quoted()));
        plan.groups().stream()
                .filter(group -> group.range() != null)
                .flatMap(group -> group.tables().stream())
                .filter(table -> contents.data(table.oid()).isEmpty())
                .forEach(table -> missing.putIfAbsent(
                        "direct:copy-rows", "the archive doesn't have all parts of the rows of " + table.quoted()));
        plan.groups().stream()
                .flatMap(group -> group.tables().stream())
                .filter(table -> contents.data(table.oid()).isPresent() && !contents.isComplete(table.oid()))
                .forEach(table -> missing.putIfAbsent(
                        "dumpedTables, the aggregationStrategy of each-dump-group",
                        "nothing shows that all steps for " + table.quoted() + " ended well"));
        plan.tables().stream()
                .filter(table -> contents.schema(table.oid()).isEmpty())
                .forEach(table -> missing.putIfAbsent(
                        "cut-into-schema-files", "the archive has no definition of " + table.quoted()));
        expected.files(plan).forEach((entry, step) -> {
            FileDigest file = contents.files().get(entry);
            Optional<String> text = evidence.text(entry);
            if (file == null) {
                missing.put(step, "the archive has no " + entry);
            } else if (text.isPresent() && !text.get().equals(file.sha256())) {
                missing.put(step, "the archive has different content as " + entry);
            }
        });
        ExpectedEntries.texts(plan, contents).forEach((entry, step) -> {
            if (evidence.text(entry).isEmpty()) {
                missing.put(step, "the archive has different content as " + entry);
            }
        });
        if (!evidence.isMade(TablePlan.TABLES, plan.withRows())) {
            missing.put("direct:plan-dump", "the plan that was carried out has other tables");
        }
        if (!evidence.has(TablePlan.BY_SELECTION)) {
            missing.put("direct:select", "the plan was made for a different selection");
        }
        platform(run, plan, contents, missing);
        LeftOutStep.refuse(missing);
    }

    /** Once the archive is stored: it has every entry that the manifest names, and was sent as the settings ask for. */
    void requireStored(BackupRun run, ArchiveContents contents, Archive written) {
        Map<String, String> missing = new LinkedHashMap<>();
        contents.notIn(written)
                .forEach(entry -> missing.put(
                        EntryNames.MANIFEST.equals(entry) || EntryNames.README.equals(entry)
                                ? "add-manifest"
                                : "finish-archive",
                        "the archive has no " + entry));
        List<String> steps = new ArrayList<>(List.of("confirm-snapshot", "confirm-archive"));
        if (readBack) {
            steps.add("confirm-read-back");
        }
        run.getEvidence()
                .missing(steps)
                .forEach(step -> missing.put(step, "without it, nothing proves what is stored"));
        if (encrypted && Objects.requireNonNull(run.getStored()).recipients().isEmpty()) {
            missing.put("encrypt-archive", "the archive isn't encrypted");
        }
        LeftOutStep.refuse(missing);
    }

    private static Stream<Table> dataTables(Plan plan) {
        return Stream.of(
                        plan.groups().stream()
                                .filter(group -> group.range() == null)
                                .flatMap(group -> group.tables().stream()),
                        plan.extensionTables().stream(),
                        plan.wholes().stream().map(WholeTable::table),
                        plan.unchanged().stream())
                .flatMap(tables -> tables);
    }

    private static String reader(Plan plan, Table table) {
        return plan.unchanged().contains(table)
                ? "direct:take-over-unchanged"
                : table.extension() == null ? "direct:dump-tables" : "direct:copy-extension-tables";
    }

    /** Steps that leave nothing in the archive by which they could be seen there. */
    private List<String> steps(BackupRun run, Plan plan) {
        List<String> steps = new ArrayList<>(List.of(
                "recognise-supabase",
                "read-sequences",
                "warn-of-hidden-damage",
                "fix-settings",
                "confirm-roles",
                "confirm-definitions",
                new ObjectSelection().rules(run).isEmpty() ? "direct:select" : "direct:apply-rules"));
        if (archive.formats().size() > 1) {
            steps.addAll(List.of("confirm-formats", "refuse-changed-sequences"));
        }
        if (plan.supabase().present()) {
            steps.add("confirm-platform-tables");
        }
        if (plan.supabase().vault() && supabase.vault()) {
            steps.add("direct:check-vault");
        }
        return steps;
    }

    /** What a Supabase project has besides: the calls may be dropped, not what they call. */
    private void platform(BackupRun run, Plan plan, ArchiveContents contents, Map<String, String> missing) {
        SupabaseContents held = contents.supabase();
        Map<String, FileDigest> files = contents.files();
        if (plan.supabase().authUsers() && supabase.authUsers()) {
            boolean users = held != null && held.auth() != null;
            boolean schema = files.containsKey(EntryNames.USERS_SCHEMA);
            if (users != schema) {
                missing.put(users ? "add-users-schema" : "add-users", "the archive has only one of the two files");
            } else if (!users) {
                leftOut(
                        run,
                        "The users of this project aren't saved as auth/users.json",
                        "direct:auth-users",
                        "BACKUP_AUTH_USERS");
            } else if (!Objects.requireNonNull(files.get(EntryNames.USERS_SCHEMA))
                    .sha256()
                    .equals(USERS_SCHEMA)) {
                missing.put(
                        "setBody in direct:auth-users",
                        "the archive has different content as " + EntryNames.USERS_SCHEMA);
            }
        }
        if (plan.supabase().storage() && supabase.storage() && (held == null || held.storage() == null)) {
            boolean planned = run.getEvidence().has("plan-storage-files");
            if (planned && !run.getEvidence().has("open-storage-files")
                    || run.getEvidence().has("fetch-files")) {
                missing.put("storage-files", "the archive has no " + EntryNames.OBJECTS);
            } else {
                leftOut(
                        run,
                        "The files of this project's Storage aren't saved",
                        planned ? "direct:storage-files" : "direct:plan-storage-files",
                        "BACKUP_STORAGE");
            }
        }
        if (encrypted && plan.supabase().vault() && supabase.vault() && (held == null || held.vault() == null)) {
            leftOut(run, "The secrets of this project's vault aren't saved", "direct:vault-secrets", "BACKUP_VAULT");
        }
    }

    private static void leftOut(BackupRun run, String what, String step, String setting) {
        run.warn(what + ": the routes don't call " + step + ". Put back the call; or set " + setting
                + "=false to disable this warning.");
    }
}
