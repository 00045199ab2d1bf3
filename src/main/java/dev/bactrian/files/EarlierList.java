package dev.bactrian.files;

import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.SavedList;
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
final class EarlierList implements AutoCloseable {

    private final SavedList list;
    private @Nullable EarlierFile next;

    private EarlierList(SavedList list) {
        this.list = list;
    }

    /**
     * Opens a list.
     *
     * @param list an archive's {@code storage/objects.json}
     */
    static EarlierList open(Path list) throws IOException {
        EarlierList opened = new EarlierList(new SavedList(Files.newInputStream(list)));
        opened.next = opened.read();
        return opened;
    }

    private @Nullable EarlierFile read() throws IOException {
        SavedFile file = list.read();
        while (file != null && file.lacking()) {
            file = list.read();
        }
        return file == null ? null : EarlierFile.of(file);
    }

    /** The file of that name; null when there is none, or the list is in another order. */
    @Nullable
    EarlierFile find(String bucket, String name) throws IOException {
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
