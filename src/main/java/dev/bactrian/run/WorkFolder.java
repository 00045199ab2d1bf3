package dev.bactrian.run;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder for what waits its turn: {@code WORK_DIR/<process>/<backup id>/}. Each process holds a lock on a file in
 * its own folder; the system drops it when the process dies, however it dies, and the next start clears the folder.
 */
public final class WorkFolder implements AutoCloseable {

    private static final String LOCK = "lock";
    private static final int ATTEMPTS = 5;

    private final Path own;
    private final FileChannel lock;

    private WorkFolder(Path own, FileChannel lock) {
        this.own = own;
        this.lock = lock;
    }

    /**
     * Makes this process's folder and clears away what dead processes left.
     *
     * @throws ProblemException when the folder can't be used
     */
    public static WorkFolder open(Path workDir) {
        try {
            Files.createDirectories(workDir);
            clearDead(workDir);
            Path own =
                    Files.createTempDirectory(workDir, ProcessHandle.current().pid() + "-");
            // Locked before it has its name: nobody may take this folder for a dead process's in between.
            Path unnamed = own.resolve(LOCK + ".new");
            FileChannel channel = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel.lock();
            Files.move(unnamed, own.resolve(LOCK));
            return new WorkFolder(own, channel);
        } catch (IOException e) {
            throw unusable(workDir, e);
        }
    }

    private static ProblemException unusable(Path workDir, IOException e) {
        return explain(e)
                .map(problem -> new ProblemException(problem, e))
                .orElseGet(() -> ProblemException.stopped(
                        "The work folder " + workDir + " can't be used: " + e.getMessage() + ".",
                        "Make it writable for this user, or set WORK_DIR to another folder.",
                        e));
    }

    /**
     * Writes a small file, and removes it.
     *
     * @throws ProblemException when that can't be done
     */
    public void requireWritable() {
        try {
            Path file = Files.createTempFile(own, "check", "");
            Files.writeString(file, "0123456789");
            Files.delete(file);
        } catch (IOException e) {
            throw unusable(own, e);
        }
    }

    private static void clearDead(Path workDir) throws IOException {
        try (Stream<Path> folders = Files.list(workDir)) {
            for (Path folder :
                    folders.filter(path -> Files.exists(path.resolve(LOCK))).toList()) {
                if (isDead(folder.resolve(LOCK))) {
                    delete(folder);
                }
            }
        }
    }

    private static boolean isDead(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (OverlappingFileLockException | IOException e) {
            return false;
        }
    }

    /** A new, empty folder for one backup or restore, readable by this user alone. */
    public Path forRun(String id) throws IOException {
        return Files.createDirectories(own.resolve(id));
    }

    /** Deletes a folder with all in it, also while others delete of it, or still add to it, what is theirs. */
    public static void delete(Path folder) throws IOException {
        for (int attempt = 1; Files.exists(folder) && attempt <= ATTEMPTS; attempt++) {
            try {
                deleteOnce(folder);
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether writing failed because the disk is full. */
    public static boolean isFull(Throwable failure) {
        return explain(failure).isPresent();
    }

    /** Explains a full disk. */
    public static Optional<Problem> explain(Throwable failure) {
        String message = failure instanceof IOException && failure.getMessage() != null
                ? failure.getMessage().toLowerCase(Locale.ROOT)
                : "";
        // The JDK has no type of its own for these two; the words are the C library's.
        boolean full =
                Stream.of("no space left on device", "disk quota exceeded").anyMatch(message::contains);
        if (!full) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "The disk of the work folder is full.",
                "Free space there, set WORK_DIR to a larger disk, or lower BACKUP_SPOOL."));
    }

    @Override
    public void close() {
        try {
            lock.close();
            delete(own);
        } catch (NoSuchFileException e) {
            // Somebody cleared it already.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What still lies in this process's folder beside its lock: nothing while no backup runs. */
    List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(path -> !path.endsWith(LOCK)).toList();
        }
    }
}
