package dev.bactrian.archive.write;

import dev.bactrian.archive.WholeStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive that has gone out completely.
 *
 * @param size bytes
 * @param sha256 of the whole archive, lower-case hex; null where some of it was copied inside the store
 * @param crc32 of it then, 8 lower-case hex digits; null where there is its SHA-256
 * @param recipients fingerprints of the OpenPGP keys it is encrypted for; none when it isn't encrypted
 */
public record StoredArchive(
        String key, long size, @Nullable String sha256, @Nullable String crc32, List<String> recipients) {

    public StoredArchive {
        recipients = List.copyOf(recipients);
    }

    /** What a stream gave that was read to its end. */
    static StoredArchive of(String key, WholeStream sent, List<String> recipients) {
        boolean hashed = !sent.isPassedOver();
        return new StoredArchive(
                key, sent.bytes(), hashed ? sent.sha256() : null, hashed ? null : sent.crc32(), recipients);
    }

    /** Whether these are its bytes. */
    public boolean isSame(WholeStream read) {
        return read.bytes() == size
                && (sha256 == null ? read.crc32().equals(crc32) : read.sha256().equals(sha256));
    }

    /** Its hash, with the hash's name. */
    public String told() {
        return sha256 == null ? "CRC-32 " + crc32 : "SHA-256 " + sha256;
    }
}
