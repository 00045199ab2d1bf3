package dev.bactrian.archive.write;

import dev.bactrian.archive.isal.IsalLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * ISA-L's deflate: several times as fast as zlib's fastest level, and smaller. Offsets are those of {@code struct
 * isal_zstream} on 64-bit platforms (isa-l/igzip_lib.h of 2.30 and 2.31).
 */
final class IsalCompressor implements Compressor {

    /** More than the 82,384 bytes of {@code sizeof(struct isal_zstream)}. */
    private static final int STRUCT = 128 << 10;
    /** At least {@code ISAL_DEF_LVL3_DEFAULT}, the largest of the levels' (348,160). */
    private static final int LEVEL_BUFFER = 352 << 10;

    private static final int CHUNK = 1 << 18;

    private static final int NEXT_IN = 0;
    private static final int AVAILABLE_IN = 8;
    private static final int NEXT_OUT = 16;
    private static final int AVAILABLE_OUT = 24;
    private static final int LEVEL = 40;
    private static final int LEVEL_BUFFER_SIZE = 44;
    private static final int LEVEL_BUFFER_ADDRESS = 48;
    private static final int END_OF_STREAM = 56;

    private final IsalLibrary library;
    private final int level;
    private final ByteBuffer stream = direct(STRUCT);
    private final ByteBuffer levelBuffer = direct(LEVEL_BUFFER);
    private final ByteBuffer in = direct(CHUNK);
    private final ByteBuffer out = direct(CHUNK);
    private final long streamAddress = IsalLibrary.address(stream);
    private final long inAddress = IsalLibrary.address(in);
    private final long outAddress = IsalLibrary.address(out);
    private final byte[] compressed = new byte[CHUNK];

    /**
     * Prepares a compressor.
     *
     * @param level of ISA-L, 0 to 3
     */
    IsalCompressor(IsalLibrary library, int level) {
        this.library = library;
        this.level = level;
        reset();
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    private void reset() {
        // Sets every field; what differs from the defaults comes after. Raw deflate is the default.
        library.init(streamAddress);
        stream.putInt(LEVEL, level);
        stream.putInt(LEVEL_BUFFER_SIZE, LEVEL_BUFFER);
        stream.putLong(LEVEL_BUFFER_ADDRESS, IsalLibrary.address(levelBuffer));
    }

    @Override
    public void write(byte[] bytes, int offset, int length, OutputStream target) throws IOException {
        for (int done = 0; done < length; ) {
            int count = Math.min(CHUNK, length - done);
            in.put(0, bytes, offset + done, count);
            run(count, target);
            done += count;
        }
    }

    @Override
    public void finish(OutputStream target) throws IOException {
        stream.putShort(END_OF_STREAM, (short) 1);
        run(0, target);
        reset();
    }

    /** Until all input is taken, and all output that can come by now has come. */
    private void run(int input, OutputStream target) throws IOException {
        stream.putLong(NEXT_IN, inAddress);
        stream.putInt(AVAILABLE_IN, input);
        int produced;
        do {
            stream.putLong(NEXT_OUT, outAddress);
            stream.putInt(AVAILABLE_OUT, CHUNK);
            int result = library.deflate(streamAddress);
            if (result != 0) {
                throw new IOException("ISA-L could not compress, error " + result);
            }
            produced = CHUNK - stream.getInt(AVAILABLE_OUT);
            out.get(0, compressed, 0, produced);
            target.write(compressed, 0, produced);
        } while (produced == CHUNK || stream.getInt(AVAILABLE_IN) > 0);
        Reference.reachabilityFence(this);
    }
}
