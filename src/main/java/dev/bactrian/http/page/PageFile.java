package dev.bactrian.http.page;

import dev.bactrian.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A file of the page, in both forms that it is sent in.
 *
 * @param type its media type
 * @param plain its bytes
 * @param gzip the same, compressed by gzip (RFC 1952)
 * @param hash tells this content from any other
 */
record PageFile(String type, byte[] plain, byte[] gzip, String hash) {

    private static final int HASH_LENGTH = 20;

    static PageFile of(String type, byte[] content) {
        return new PageFile(type, content, compress(content), Sha256.of(content).substring(0, HASH_LENGTH));
    }

    /** The two forms are different representations: each has an entity tag of its own (RFC 9110, 8.8.3.3). */
    String etag(boolean compressed) {
        return '"' + hash + (compressed ? "-gzip" : "") + '"';
    }

    private static byte[] compress(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new BestGzip(compressed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** Each file is compressed once, and sent often. */
    private static final class BestGzip extends GZIPOutputStream {

        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
