package dev.bactrian.store;

import dev.bactrian.support.BulkFilterStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Hashes what is read through it, part by part, as S3 hashes what it stores (Amazon S3 user guide, "Checking object
 * integrity"): the MD5 of an object, or {@code MD5(MD5 of each part)-parts}, is its ETag where it isn't encrypted with a key
 * of its own; and {@code CRC32(CRC32 of each part)-parts} is a composite checksum.
 */
final class SentParts extends BulkFilterStream {

    private final long partSize;
    private final MessageDigest md5 = md5();
    private final CRC32 crc = new CRC32();
    private final ByteArrayOutputStream digests = new ByteArrayOutputStream();
    private final ByteArrayOutputStream checksums = new ByteArrayOutputStream();
    private int parts;
    private long inPart;
    private long total;

    /**
     * Prepares for what is sent.
     *
     * @param partSize bytes of each part but the last
     */
    SentParts(InputStream in, long partSize) {
        super(in);
        this.partSize = partSize;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        for (int from = 0; from < count; ) {
            from += add(bytes, offset + from, count - from);
        }
        return count;
    }

    private synchronized int add(byte[] bytes, int offset, int length) {
        int count = (int) Math.min(length, partSize - inPart);
        md5.update(bytes, offset, count);
        crc.update(bytes, offset, count);
        inPart += count;
        total += count;
        if (inPart == partSize) {
            endPart();
        }
        return count;
    }

    private void endPart() {
        digests.writeBytes(md5.digest());
        checksums.writeBytes(bigEndian(crc));
        crc.reset();
        inPart = 0;
        parts++;
    }

    /** How many were read. */
    synchronized long bytes() {
        return total;
    }

    /** What the object may have as its ETag, without quotes: uploads of one part are made in either way. Once, at the end. */
    synchronized List<String> eTags() {
        if (inPart > 0 || parts == 0) {
            endPart();
        }
        List<String> eTags = new ArrayList<>(List.of(composite(digests.toByteArray(), parts)));
        if (parts == 1) {
            eTags.add(HexFormat.of().formatHex(digests.toByteArray()));
        }
        return eTags;
    }

    /** What the object may have as its CRC32, in Base64; after {@link #eTags}. */
    synchronized List<String> checksums() {
        CRC32 all = new CRC32();
        all.update(checksums.toByteArray());
        List<String> values = new ArrayList<>(List.of(base64(bigEndian(all)) + "-" + parts));
        if (parts == 1) {
            values.add(base64(checksums.toByteArray()));
        }
        return values;
    }

    /** The ETag of an object in parts. */
    static String composite(byte[] digests, int parts) {
        return HexFormat.of().formatHex(md5().digest(digests)) + "-" + parts;
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bigEndian(CRC32 crc) {
        long value = crc.getValue();
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
