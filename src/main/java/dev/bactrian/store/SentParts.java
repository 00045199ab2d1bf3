package dev.bactrian.store;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of what was sent, part by part, as S3 has them of what it stores (Amazon S3 user guide, "Checking object
 * integrity"): the MD5 of an object, or {@code MD5(MD5 of each part)-parts}, is its ETag where it isn't encrypted with a key
 * of its own; and {@code CRC32(CRC32 of each part)-parts} is a composite checksum.
 */
final class SentParts {

    private final ByteArrayOutputStream digests = new ByteArrayOutputStream();
    private final ByteArrayOutputStream checksums = new ByteArrayOutputStream();
    private int parts;
    private long total;
    private long first;
    private long last;
    private boolean equal = true;
    private boolean known = true;

    /**
     * One part.
     *
     * @param size bytes
     * @param md5 of these; null where it isn't known
     * @param crc CRC-32 of these
     */
    record Part(long size, byte @Nullable [] md5, long crc) {}

    /** Adds the next part. */
    synchronized void add(Part part) {
        byte[] md5 = part.md5();
        known &= md5 != null;
        digests.writeBytes(md5 == null ? new byte[0] : md5);
        checksums.writeBytes(bigEndian(part.crc()));
        if (parts == 0) {
            first = part.size();
        }
        // The one before is no longer the last, which may be smaller.
        equal &= (parts == 0 || last == first) && part.size() <= first;
        last = part.size();
        parts++;
        total += part.size();
    }

    synchronized int count() {
        return parts;
    }

    synchronized long bytes() {
        return total;
    }

    /** Whether all but the last have one size, and the last has no other than that or a smaller one. */
    synchronized boolean areEqual() {
        return equal;
    }

    /** What the object may have as its ETag, without quotes: uploads of one part are made in either way. None where that isn't known. */
    synchronized List<String> eTags() {
        if (!known) {
            return List.of();
        }
        List<String> eTags = new ArrayList<>(List.of(composite(digests.toByteArray(), parts)));
        if (parts == 1) {
            eTags.add(HexFormat.of().formatHex(digests.toByteArray()));
        }
        return eTags;
    }

    /** What the object may have as its CRC32, in Base64. */
    synchronized List<String> checksums() {
        CRC32 all = new CRC32();
        all.update(checksums.toByteArray());
        List<String> values = new ArrayList<>(List.of(base64(bigEndian(all.getValue())) + "-" + parts));
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

    private static byte[] bigEndian(long value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
