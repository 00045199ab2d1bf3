package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The files of one backup while they are being saved. For several threads at once. */
final class FilesRun implements AutoCloseable {

    /** Enough to see what it is about; the archive lists all. */
    private static final int MOST_NAMED = 5;

    private final ObjectMapper json = new ObjectMapper();
    private final FilePlan plan;
    private final @Nullable FileStore store;
    private final SpilledLines saved;
    private final SpilledLines skewed;
    private final Map<Skew.Reason, Long> reasons = new EnumMap<>(Skew.Reason.class);
    private final List<String> named = new ArrayList<>();
    /** Entries of which an earlier archive had a part. */
    private final Map<Long, ArchiveEntryWriter> begun = new ConcurrentHashMap<>();

    private long bytes;
    private long reused;

    /**
     * Begins with nothing saved.
     *
     * @param store null when there is nothing to fetch
     * @param folder for what waits until the archive takes it
     */
    FilesRun(FilePlan plan, @Nullable FileStore store, Path folder) throws IOException {
        this.plan = plan;
        this.store = store;
        this.saved = new SpilledLines(folder, "objects");
        this.skewed = new SpilledLines(folder, "skew");
    }

    public FilePlan plan() {
        return plan;
    }

    FileStore store() {
        if (store == null) {
            throw new IllegalStateException("A backup without files has no store");
        }
        return store;
    }

    void add(FetchedFile file) throws IOException {
        saved.add(file.object().index(), json(ObjectsJson.line(file)));
        synchronized (this) {
            bytes += file.bytes();
            reused += file.reused() ? 1 : 0;
        }
    }

    void add(Skew skew) throws IOException {
        skewed.add(skew.object().index(), json(ObjectsJson.line(skew)));
        synchronized (this) {
            reasons.merge(skew.reason(), 1L, Long::sum);
            if (named.size() < MOST_NAMED) {
                named.add(skew.object().shown() + " (" + skew.reason().text() + ")");
            }
        }
    }

    private String json(Object line) throws JsonProcessingException {
        return json.writeValueAsString(line);
    }

    SpilledLines saved() {
        return saved;
    }

    SpilledLines skewed() {
        return skewed;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** How many of them are from an earlier archive. */
    public synchronized long reused() {
        return reused;
    }

    /** Leaves a file to whoever fetches the rest of it. */
    void leave(StorageObject object, ArchiveEntryWriter entry) {
        begun.put(object.index(), entry);
    }

    /** The entry that a file's first bytes are in already; null when there is none. */
    @Nullable
    ArchiveEntryWriter takeBegun(StorageObject object) {
        return begun.remove(object.index());
    }

    synchronized long skew(Skew.Reason reason) {
        return reasons.getOrDefault(reason, 0L);
    }

    /** Some of those that aren't in the archive. */
    synchronized String examples() {
        return String.join(", ", named) + (skewed.count() > named.size() ? " and more" : "");
    }

    @Override
    public void close() throws IOException {
        try (saved;
                skewed) {
            if (store != null) {
                store.close();
            }
        }
    }
}
