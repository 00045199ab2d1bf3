package dev.bactrian.postgres.script;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Hashes every line of its input as a backup hashes rows, and prints how many bytes that were and the seconds of CPU that
 * hashing alone took. Cold at the start, as a backup is: nothing is hashed beforehand.
 */
final class DigestCost {

    private static final int BLOCK = 1 << 24;

    private DigestCost() {}

    public static void main(String[] args) throws IOException {
        RowDigest digest = new RowDigest();
        byte[] block = new byte[BLOCK];
        int[] ends = new int[BLOCK + 1];
        long bytes = 0;
        long nanos = 0;
        int kept = 0;
        for (int count = fill(System.in, block, kept); count > kept; count = fill(System.in, block, kept)) {
            int lines = findEnds(block, count, ends);
            long before = cpu();
            hash(digest, block, ends, lines);
            nanos += cpu() - before;
            int done = lines == 0 ? 0 : ends[lines - 1] + 1;
            bytes += done;
            kept = count - done;
            System.arraycopy(block, done, block, 0, kept);
        }
        System.out.println(bytes + " " + nanos / 1e9 + " " + digest.hex());
    }

    private static void hash(RowDigest digest, byte[] block, int[] ends, int lines) {
        int from = 0;
        for (int i = 0; i < lines; i++) {
            digest.row(block, from, ends[i] - from);
            from = ends[i] + 1;
        }
    }

    private static int findEnds(byte[] block, int count, int[] ends) {
        int lines = 0;
        for (int i = 0; i < count; i++) {
            if (block[i] == '\n') {
                ends[lines++] = i;
            }
        }
        return lines;
    }

    private static int fill(InputStream in, byte[] block, int kept) throws IOException {
        int read = in.readNBytes(block, kept, block.length - kept);
        return kept + read;
    }

    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadCpuTime();
    }
}
