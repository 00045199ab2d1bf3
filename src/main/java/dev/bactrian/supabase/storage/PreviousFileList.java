package dev.bactrian.supabase.storage;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.SavedList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The files of an earlier archive, one at a time, however many there are: they stand in the order in which they are asked
 * for, by bucket and name as bytes. For one thread.
 */
final class PreviousFileList implements AutoCloseable {

    private final SavedList list;
    private @Nullable PreviousFile next;

    private PreviousFileList(SavedList list) {
        this.list = list;
    }

    /**
     * Opens a list.
     *
     * @param list an archive's {@code storage/objects.json}
     */
    static PreviousFileList open(Path list) throws IOException {
        PreviousFileList opened = new PreviousFileList(new SavedList(Files.newInputStream(list)));
        opened.next = opened.read();
        return opened;
    }

    private @Nullable PreviousFile read() throws IOException {
        SavedFile file = list.read();
        while (file != null && file.lacking()) {
            file = list.read();
        }
        return file == null ? null : PreviousFile.of(file);
    }

    /** The file of that name; null when there is none, or the list is in another order. */
    @Nullable
    PreviousFile find(String bucket, String name) throws IOException {
        while (next != null) {
            int order = compare(next.bucket(), bucket);
            order = order == 0 ? compare(next.name(), name) : order;
            if (order >= 0) {
                return order == 0 ? next : null;
            }
            next = read();
        }
        return null;
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        list.close();
    }
}
