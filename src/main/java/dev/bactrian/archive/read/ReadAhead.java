package dev.bactrian.archive.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads short parts of an archive. One that lies where another has just ended is fetched together with what comes next,
 * twice as much each time: thousands of small tables in a row take few requests. A part that stands alone costs its own
 * bytes. Several threads may read at once.
 */
final class ReadAhead {

    /** Longer parts aren't for here: they are streamed. */
    static final int LONGEST = 1 << 18;

    private static final int MOST = 1 << 20;
    /** What may lie between two parts that are read one after the other: a table's schema.sql. */
    private static final int GAP = 1 << 15;

    private static final int KEPT = 2;

    private final ArchiveSource source;
    private final Deque<Block> blocks = new ArrayDeque<>(KEPT);
    private int window;

    private record Block(long start, byte[] bytes) {
        long end() {
            return start + bytes.length;
        }

        boolean holds(long from, int length) {
            return from >= start && from + length <= end();
        }

        boolean leadsTo(long from) {
            return from >= start && from <= end() + GAP;
        }
    }

    ReadAhead(ArchiveSource source) {
        this.source = source;
    }

    /**
     * A part.
     *
     * @param length bytes, {@link #LONGEST} at the most, all of which lie inside the archive
     */
    synchronized InputStream read(long from, int length) throws IOException {
        // Together: the worker that waits here finds its own part in what the other one fetches.
        for (Block block : blocks) {
            if (block.holds(from, length)) {
                return new ByteArrayInputStream(block.bytes(), (int) (from - block.start()), length);
            }
        }
        boolean inOrder = blocks.stream().anyMatch(block -> block.leadsTo(from));
        window = inOrder ? Math.min(MOST, 2 * Math.max(window, length)) : length;
        byte[] bytes = fetch(from, (int) Math.min(window, source.size() - from));
        if (blocks.size() == KEPT) {
            blocks.removeLast();
        }
        blocks.addFirst(new Block(from, bytes));
        return new ByteArrayInputStream(bytes, 0, length);
    }

    /** Drops what it holds: it is fetched again when it is asked for. */
    synchronized void forget() {
        blocks.clear();
    }

    private byte[] fetch(long from, int length) throws IOException {
        try (InputStream in = new ResumingStream(source, from, length)) {
            return in.readNBytes(length);
        }
    }
}
