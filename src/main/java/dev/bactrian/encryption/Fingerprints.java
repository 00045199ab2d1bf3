package dev.bactrian.encryption;

import java.util.HexFormat;
import java.util.Locale;

/** Names of keys, in the form in which gpg shows them. */
final class Fingerprints {

    private Fingerprints() {}

    static String of(byte[] fingerprint) {
        return HexFormat.of().withUpperCase().formatHex(fingerprint);
    }

    /** The short name that a message names its readers by: the last 16 digits of a (sub)key's fingerprint. */
    static String ofId(long keyId) {
        return String.format(Locale.ROOT, "%016X", keyId);
    }
}
