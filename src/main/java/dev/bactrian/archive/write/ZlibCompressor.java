package dev.bactrian.archive.write;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;

/** The JDK's zlib. */
final class ZlibCompressor implements Compressor {

    private static final int BUFFER = 1 << 16;

    private final Deflater deflater;
    private final byte[] buffer = new byte[BUFFER];

    /**
     * Prepares a compressor.
     *
     * @param level of zlib, 0 to 9; 0 stores
     */
    ZlibCompressor(int level) {
        this.deflater = new Deflater(level, true);
    }

    @Override
    public void write(byte[] bytes, int offset, int length, OutputStream out) throws IOException {
        deflater.setInput(bytes, offset, length);
        while (!deflater.needsInput()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
    }

    @Override
    public void finish(OutputStream out) throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.reset();
    }
}
