package dev.bactrian.archive.write;

import java.io.IOException;
import java.io.OutputStream;

/** Makes raw deflate (RFC 1951) of one entry after the other. For one thread at a time. */
interface Compressor {

    /** Takes bytes, and writes what has come out of them so far. */
    void write(byte[] bytes, int offset, int length, OutputStream out) throws IOException;

    /** Writes what is left of the entry, and makes ready for another. */
    void finish(OutputStream out) throws IOException;
}
