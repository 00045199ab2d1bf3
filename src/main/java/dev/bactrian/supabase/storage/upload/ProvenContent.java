package dev.bactrian.supabase.storage.upload;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.MeasuredStream;
import dev.bactrian.archive.SavedFile;
import dev.bactrian.archive.read.ArchiveReader;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.supabase.storage.Upload;
import dev.bactrian.support.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file's bytes from the archive. The last of them are given out only when all were those that were saved, by length and
 * SHA-256: a store, which takes a file whole or not at all, never takes a wrong one.
 */
final class ProvenContent implements Upload.Content {

    private static final int CHUNK = 1 << 16;

    private final SavedFile file;
    private final ArchiveReader reader;
    private final StoppableRun run;
    private volatile @Nullable IOException failure;

    ProvenContent(SavedFile file, ArchiveReader reader, StoppableRun run) {
        this.file = file;
        this.reader = reader;
        this.run = run;
    }

    @Override
    public InputStream open() throws IOException {
        try {
            return new Held(reader.open(file.entry()));
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Why the archive's bytes couldn't be given out, whatever became of that on the way; null when they could. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Holds back what comes next until it is known that something follows, or that all was right. */
    private final class Held extends BulkInputStream {

        private final MeasuredStream in;
        private byte[] given = new byte[0];
        private byte[] held;
        private int at;

        Held(InputStream in) throws IOException {
            this.in = new MeasuredStream(in);
            this.held = fetch();
        }

        private byte[] fetch() throws IOException {
            if (run.isStopped()) {
                throw new IOException("The restore was stopped");
            }
            byte[] chunk = in.readNBytes(CHUNK);
            if (in.bytes() > file.size()) {
                throw damaged();
            }
            if (chunk.length == 0 && (in.bytes() < file.size() || !in.sha256().equals(file.sha256()))) {
                throw damaged();
            }
            run.getProgress().alive();
            return chunk;
        }

        private DamagedArchiveException damaged() {
            return new DamagedArchiveException(
                    "the entry " + file.entry() + " isn't what was saved (length or SHA-256 differ)");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (at == given.length) {
                if (held.length == 0) {
                    return -1;
                }
                try {
                    byte[] next = fetch();
                    given = held;
                    held = next;
                    at = 0;
                } catch (IOException e) {
                    failure = e;
                    throw e;
                }
            }
            int copied = Math.min(length, given.length - at);
            System.arraycopy(given, at, bytes, offset, copied);
            at += copied;
            return copied;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
