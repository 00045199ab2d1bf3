package dev.bactrian.archive.read;

import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Remembers that reading failed: whoever sees an error further up can tell a broken source from odd content. */
public final class TrackedStream extends BulkFilterStream {

    private @Nullable IOException failure;

    public TrackedStream(InputStream in) {
        super(in);
    }

    /** Why it couldn't be read; null as long as it could. */
    public @Nullable IOException failure() {
        return failure;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // Readers of damaged data stumble in many ways, and ask for decompressors that aren't there.
            failure = new IOException(String.valueOf(e.getMessage()), e);
            throw failure;
        }
    }
}
