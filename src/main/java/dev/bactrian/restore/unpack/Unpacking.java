package dev.bactrian.restore.unpack;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.restore.plan.NamedTables;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.run.WorkFolder;
import dev.bactrian.support.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries of an archive as files, for this user alone. A file gets its name once all of it is what the manifest says;
 * one that is there is never written to, nor anything beyond the folder.
 */
public final class Unpacking {

    private static final int BUFFER = 1 << 16;
    /** No entry begins with a dot. */
    private static final String PART = ".bactrian.part";

    private final WorkFolder workFolder;
    private final ErrorTranslators translators;

    public Unpacking(WorkFolder workFolder, ErrorTranslators translators) {
        this.workFolder = workFolder;
        this.translators = translators;
    }

    public UnpackRun begin(@ExchangeProperty("unpack") UnpackRequest request) throws IOException {
        UnpackRun run = new UnpackRun(request, workFolder.forRun(request.id().toString()));
        run.closeAtEnd(() -> WorkFolder.delete(run.getFolder()));
        request.begun().accept(run);
        return run;
    }

    /**
     * The entries to write, for the route's split.
     *
     * @throws ProblemException when the archive lacks a table, files are there already, or there is no room
     */
    public Iterator<?> select(@ExchangeProperty("run") UnpackRun run, @ExchangeProperty("saved") SavedBackup saved)
            throws IOException {
        List<String> tables = run.request().tables();
        Set<String> wanted = tables.isEmpty() ? saved.reader().names() : entriesOf(saved.manifest(), tables);
        requireAbsent(run, wanted);
        long bytes = wanted.stream().mapToLong(saved.reader()::size).sum();
        requireRoom(run.request().folder(), bytes);
        run.plan(wanted.size(), bytes);
        List<String> named =
                wanted.stream().filter(name -> !EntryNames.isStorageFile(name)).toList();
        UnpackedEntries entries = new UnpackedEntries(
                saved,
                named,
                named.size() == wanted.size() ? null : run.request().folder().resolve(EntryNames.OBJECTS));
        run.closeAtEnd(entries);
        return entries;
    }

    private static Set<String> entriesOf(Manifest manifest, List<String> tables) {
        Set<String> entries = new LinkedHashSet<>();
        for (String table : tables) {
            for (Manifest.TablePart part : NamedTables.withPartitions(manifest, table)) {
                Stream.ofNullable(part.schemaEntry()).forEach(entries::add);
                part.rowEntries().stream().map(DataEntry::entry).forEach(entries::add);
            }
        }
        return entries;
    }

    private static void requireAbsent(UnpackRun run, Set<String> wanted) {
        List<String> there = new ArrayList<>();
        for (String name : wanted) {
            if (Files.exists(place(run, name), LinkOption.NOFOLLOW_LINKS)) {
                there.add(name);
            }
        }
        if (!there.isEmpty()) {
            throw refused(
                    "In " + run.request().folder() + " is " + there.get(0)
                            + (there.size() == 1
                                    ? " already."
                                    : " already, and " + (there.size() - 1) + " other files of the archive are."),
                    "Name an empty folder with --to; files aren't overwritten.");
        }
    }

    private static void requireRoom(Path folder, long bytes) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw refused(folder + " isn't a folder.", "Name a folder with --to.");
        }
        makeFolder(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw refused(
                    "The files take " + Units.readable(bytes) + "; " + Units.readable(free) + " are free in " + folder
                            + ".",
                    "Free space there, name another folder with --to, or only some tables with --table.");
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Writes one of them; again where it came damaged from the store, and only the way here may have done that. */
    public void write(
            @Body UnpackedEntry entry,
            @ExchangeProperty("run") UnpackRun run,
            @ExchangeProperty("saved") SavedBackup saved)
            throws IOException {
        Path file = place(run, entry.name());
        Path part = run.request().folder().resolve(PART);
        try (StoppableRun.Work work = run.beginWork()) {
            try {
                copy(entry, part, run, saved);
            } catch (DamagedArchiveException e) {
                if (!saved.reader().readAgain(entry.name())) {
                    throw e;
                }
                copy(entry, part, run, saved);
            }
            makeFolder(file.resolveSibling(""));
            Files.move(part, file);
            run.wrote();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void copy(UnpackedEntry entry, Path part, UnpackRun run, SavedBackup saved) throws IOException {
        Files.deleteIfExists(part);
        long written = 0;
        try (InputStream in = open(entry, saved);
                OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                        part,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer, 0, BUFFER); count >= 0; count = in.read(buffer, 0, BUFFER)) {
                if (run.getStoppedBy() instanceof ProblemException stopped) {
                    throw stopped;
                }
                out.write(buffer, 0, count);
                written += count;
                run.moved(count);
            }
        } catch (DamagedArchiveException e) {
            run.moved(-written);
            throw e;
        }
    }

    private static InputStream open(UnpackedEntry entry, SavedBackup saved) throws IOException {
        String sha256 = entry.sha256();
        return sha256 == null ? saved.reader().open(entry.name()) : CheckedEntry.proven(saved, entry.name(), sha256);
    }

    /** Names come from the archive: none leads out of the folder, not by a link that is in it, either. */
    private static Path place(UnpackRun run, String entry) {
        Path at = run.request().folder();
        if (!EntryNames.isSafe(entry)) {
            throw refused("The archive has an entry that Bactrian never writes: " + entry + ".", "Use another backup.");
        }
        for (Path name : Path.of(entry)) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                throw refused(at + " is a link.", "Name an empty folder with --to.");
            }
        }
        return at;
    }

    /** Fails where a step was left out that writes files. */
    public void requireWhole(@ExchangeProperty("run") UnpackRun run) {
        if (run.files() != run.filesTotal()) {
            throw LeftOutStep.refusal(
                    "unpacking",
                    Map.of("unpack-entry", run.files() + " of " + run.filesTotal() + " files were written"));
        }
    }

    /** Why it failed. */
    public Problem problem(
            @ExchangeProperty("run") @Nullable UnpackRun run,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable why) {
        return translators
                .known(why)
                .orElseGet(() -> new Problem(
                        "The archive couldn't be unpacked: " + ErrorTranslators.innermost(why) + ".",
                        "Run ./bactrian verify --archive-only, which shows whether the archive is intact."))
                .meaning(run == null ? "Nothing was written." : run.consequence());
    }

    public void end(@ExchangeProperty("run") @Nullable UnpackRun run) {
        if (run != null) {
            run.close();
        }
    }

    private static ProblemException refused(String cause, String remedy) {
        return new ProblemException(new Problem(cause, "Nothing was written.", remedy), null);
    }
}
