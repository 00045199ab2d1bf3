package dev.bactrian.archive.write;

import java.util.List;

/**
 * An archive that has gone out completely.
 *
 * @param size bytes
 * @param sha256 of the whole archive, lower-case hex
 * @param recipients fingerprints of the OpenPGP keys it is encrypted for; none when it isn't encrypted
 */
public record StoredArchive(String key, long size, String sha256, List<String> recipients) {

    public StoredArchive {
        recipients = List.copyOf(recipients);
    }
}
