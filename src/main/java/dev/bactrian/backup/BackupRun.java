package dev.bactrian.backup;

import dev.bactrian.database.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running backup: what it is, and what must be freed when it ends. Its lanes work in several threads; when one
 * fails, {@link #stop} ends the others and waits for them, so that whoever marks the backup failed finds nothing moving.
 */
public final class BackupRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    private final UUID id;
    private final Database database;
    private final String key;
    private final Map<String, Object> row;
    private final Path folder;
    private final Progress progress = new Progress();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Consumer<Throwable>> stoppers = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    /** Not a Phaser: two who stop at once would count as each other's lanes. */
    private int working;

    private @Nullable Throwable stoppedBy;
    private volatile @Nullable StoredArchive stored;

    BackupRun(UUID id, Database database, String key, Map<String, Object> row, Path folder) {
        this.id = id;
        this.database = database;
        this.key = key;
        this.row = row;
        this.folder = folder;
    }

    public UUID getId() {
        return id;
    }

    public Database getDatabase() {
        return database;
    }

    /** Where the archive goes in the store. */
    public String getKey() {
        return key;
    }

    /** The claimed row of {@code backup_history}. */
    public Map<String, Object> getRow() {
        return row;
    }

    /** For what waits its turn; cleared when the backup ends. */
    public Path getFolder() {
        return folder;
    }

    public Progress getProgress() {
        return progress;
    }

    /** Notes what whoever runs the service should look at, though the backup is good. */
    public void warn(String warning) {
        warnings.add(warning);
    }

    public List<String> getWarnings() {
        return List.copyOf(warnings);
    }

    /** The archive as it went out; null while it is under way. */
    public @Nullable StoredArchive getStored() {
        return stored;
    }

    public void stored(StoredArchive archive) {
        stored = archive;
    }

    /** Registers what must be ended when the backup stops early; told at once when it has stopped already. */
    public synchronized Runnable onStop(Consumer<Throwable> stopper) {
        if (stoppedBy != null) {
            stopper.accept(stoppedBy);
        }
        stoppers.add(stopper);
        return () -> stoppers.remove(stopper);
    }

    /** Registers what must be freed when the backup ends, however it ends; the last one first. */
    public synchronized void closeAtEnd(AutoCloseable resource) {
        resources.push(resource);
    }

    /** Counts a thread in that works for this backup, until it closes what it gets. */
    public synchronized Work beginWork() {
        working++;
        AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                endWork();
            }
        };
    }

    private synchronized void endWork() {
        working--;
        notifyAll();
    }

    /** A thread's part in a backup. */
    @FunctionalInterface
    public interface Work extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes everything that is under way end soon, and doesn't wait for it. */
    public void interrupt(Throwable cause) {
        synchronized (this) {
            if (stoppedBy == null) {
                stoppedBy = cause;
            }
        }
        for (Consumer<Throwable> stopper : stoppers) {
            try {
                stopper.accept(cause);
            } catch (RuntimeException e) {
                // The others must be stopped all the same.
                LOG.warn("Backup {}: something could not be stopped: {}", id, e.getMessage());
            }
        }
    }

    /** As {@link #interrupt}, and waits until everything has ended. */
    public void stop(Throwable cause) {
        interrupt(cause);
        long end = System.nanoTime() + LONGEST_STOP.toNanos();
        synchronized (this) {
            while (working > 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    LOG.warn("Backup {}: something still runs {} s after it was stopped", id, LONGEST_STOP.toSeconds());
                    return;
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Whether {@link #stop} has been called: lanes must not begin anything new. */
    public synchronized boolean isStopped() {
        return stoppedBy != null;
    }

    /** Why it was stopped: the first cause, whatever else broke because of it. */
    public synchronized @Nullable Throwable getStoppedBy() {
        return stoppedBy;
    }

    @Override
    public void close() {
        while (true) {
            AutoCloseable next;
            synchronized (this) {
                next = resources.poll();
            }
            if (next == null) {
                return;
            }
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn(
                        "Backup {}: {} could not be closed: {}",
                        id,
                        next.getClass().getSimpleName(),
                        e.getMessage());
            }
        }
    }

    @Override
    public String toString() {
        return "backup " + id + " of " + database.name();
    }
}
