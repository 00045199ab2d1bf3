package dev.bactrian.backup;

import dev.bactrian.archive.Spliced;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.archive.WholeStream;
import dev.bactrian.run.Progress;
import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An archive's bytes as they are written; each reading shows that the backup gets further. */
final class WatchedArchive extends BulkFilterStream implements Spliced {

    private final WholeStream archive;
    private final Progress progress;

    WatchedArchive(WholeStream archive, Progress progress) {
        super(archive);
        this.archive = archive;
        this.progress = progress;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        progress.alive();
        return count;
    }

    @Override
    public @Nullable StoredRange range() throws IOException {
        StoredRange range = archive.range();
        progress.alive();
        return range;
    }

    @Override
    public void pass(StoredRange range) throws IOException {
        archive.pass(range);
    }
}
