package dev.bactrian.supabase.storage;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a project keeps the bytes of its files. For several threads at once.
 *
 * <p>Each method throws {@link BusyException} where asking again may help, and
 * {@link dev.bactrian.problem.ProblemException} where no file will ever come that way: a key that isn't valid, a project
 * that is paused. Neither shows a key.
 */
public interface FileStore extends AutoCloseable {

    /**
     * Opens a file as the store has it now.
     *
     * @param from offset of the first byte that is wanted; a store may begin earlier
     * @throws RefusedFileException when the store hasn't got it, or doesn't give this one out
     */
    Download open(String bucket, String name, long from) throws IOException;

    /** Ids of the buckets that there are: proves that the store can be reached, and that it takes the key. */
    Set<String> buckets() throws IOException;

    /**
     * What is there under a file's name; null where no bytes are. A row alone, as a restored database has it, counts for
     * nothing.
     */
    @Nullable
    FoundFile find(Upload file) throws IOException;

    /**
     * Puts a file there, in the place of one of the same name.
     *
     * @throws RefusedFileException when the store doesn't take this one: it is too large for its bucket, or of the wrong type
     */
    void put(Upload file) throws IOException;

    @Override
    void close();
}
