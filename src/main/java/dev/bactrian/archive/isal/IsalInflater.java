package dev.bactrian.archive.isal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipException;

/**
 * Reads raw deflate by ISA-L. Offsets are those of {@code struct inflate_state} on 64-bit platforms (isa-l/igzip_lib.h of 2.30
 * and 2.31). For one stream at a time.
 */
final class IsalInflater {

    /** More than the 87,368 bytes of {@code sizeof(struct inflate_state)}. */
    private static final int STRUCT = 96 << 10;

    private static final int CHUNK = 1 << 16;

    private static final int NEXT_OUT = 0;
    private static final int AVAILABLE_OUT = 8;
    private static final int NEXT_IN = 16;
    private static final int AVAILABLE_IN = 32;
    private static final int BLOCK_STATE = 21_160;

    /** {@code ISAL_BLOCK_FINISH}: all has come out. */
    private static final int FINISHED = 5;

    private static final Optional<IsalLibrary> LIBRARY = IsalLibrary.find();
    /** Making one costs more than reading a small table. */
    private static final Queue<IsalInflater> IDLE = new ConcurrentLinkedQueue<>();

    private final IsalLibrary library;
    private final ByteBuffer state = direct(STRUCT);
    private final ByteBuffer input = direct(CHUNK);
    private final ByteBuffer output = direct(CHUNK);
    private final long stateAddress = IsalLibrary.address(state);
    private final long inputAddress = IsalLibrary.address(input);
    private final long outputAddress = IsalLibrary.address(output);
    private final byte[] compressed = new byte[CHUNK];
    /** Of {@link #output}, what hasn't been asked for yet. */
    private int ready;

    private int taken;
    private boolean noMoreInput;

    private IsalInflater(IsalLibrary library) {
        this.library = library;
    }

    /** One to begin a stream with, where this machine has the library. */
    static Optional<IsalInflater> take() {
        return LIBRARY.map(library -> {
            IsalInflater kept = IDLE.poll();
            IsalInflater inflater = kept == null ? new IsalInflater(library) : kept;
            inflater.begin();
            return inflater;
        });
    }

    /** Its stream is done with. */
    void giveBack() {
        IDLE.add(this);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private void begin() {
        // Sets every field; raw deflate is the default.
        library.inflateInit(stateAddress);
        ready = 0;
        taken = 0;
        noMoreInput = false;
    }

    /** As {@link InputStream#read(byte[], int, int)}, of what the compressed bytes of {@code in} hold. */
    int read(InputStream in, byte[] bytes, int offset, int length) throws IOException {
        while (taken == ready) {
            if (state.getInt(BLOCK_STATE) == FINISHED) {
                return -1;
            }
            inflate(in);
        }
        int count = Math.min(length, ready - taken);
        output.get(taken, bytes, offset, count);
        taken += count;
        return count;
    }

    private void inflate(InputStream in) throws IOException {
        if (state.getInt(AVAILABLE_IN) == 0 && !noMoreInput) {
            int count = in.read(compressed, 0, CHUNK);
            noMoreInput = count < 0;
            input.put(0, compressed, 0, Math.max(0, count));
            state.putLong(NEXT_IN, inputAddress);
            state.putInt(AVAILABLE_IN, Math.max(0, count));
        }
        state.putLong(NEXT_OUT, outputAddress);
        state.putInt(AVAILABLE_OUT, CHUNK);
        int result = library.inflate(stateAddress);
        Reference.reachabilityFence(this);
        if (result < 0) {
            throw new ZipException("invalid deflate data, error " + result + " of ISA-L");
        }
        taken = 0;
        ready = CHUNK - state.getInt(AVAILABLE_OUT);
        if (ready == 0 && noMoreInput && state.getInt(BLOCK_STATE) != FINISHED) {
            throw new EOFException("the deflate data is cut off");
        }
    }
}
