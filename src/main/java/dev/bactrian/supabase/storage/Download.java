package dev.bactrian.supabase.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being fetched.
 *
 * @param from offset that the content begins at
 * @param size bytes of the whole file; -1 when the store doesn't say
 * @param eTag without its quotes; null when the store doesn't say
 * @param connection ends the transfer, without reading the rest, from any thread
 */
public record Download(InputStream content, long from, long size, @Nullable String eTag, Closeable connection)
        implements Closeable {

    /** An eTag as stores compare them: without quotes, and without the mark of a weak one. */
    public static @Nullable String plain(@Nullable String eTag) {
        return eTag == null ? null : eTag.strip().replaceFirst("^W/", "").replace("\"", "");
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
