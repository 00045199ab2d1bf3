package dev.bactrian.encryption;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPKeyReader;

/**
 * Whom archives are encrypted for: every key of theirs that may encrypt. Each of them can read an archive alone.
 *
 * @param keys that encrypt, one at the least for each certificate
 * @param fingerprints of the certificates, upper-case hex as {@code gpg --list-keys} shows them
 */
public record Recipients(List<PGPPublicKey> keys, List<String> fingerprints) {

    private static final String EXPORT = "Export the public key with: gpg --armor --export NAME";

    public Recipients {
        keys = List.copyOf(keys);
        fingerprints = List.copyOf(fingerprints);
    }

    /**
     * Reads public keys, armoured or binary, one or more.
     *
     * @throws IllegalArgumentException when one of them can't encrypt now: nobody shall find out after the fire that an
     *     archive isn't for him; its message goes on after the setting's name
     */
    public static Recipients of(byte[] file, Instant now) {
        Date at = Date.from(now);
        List<PGPPublicKey> keys = new ArrayList<>();
        List<String> fingerprints = new ArrayList<>();
        for (OpenPGPCertificate certificate : certificates(file)) {
            if (certificate.isSecretKey()) {
                throw new IllegalArgumentException(
                        "contains a private key. Encrypting needs only the public key, and the private one must not "
                                + "be where backups are made. " + EXPORT);
            }
            List<OpenPGPComponentKey> usable = certificate.getEncryptionKeys(at);
            if (usable.isEmpty()) {
                throw new IllegalArgumentException(new UnusableKey(certificate, now).why());
            }
            usable.forEach(key -> keys.add(key.getPGPPublicKey()));
            fingerprints.add(fingerprint(certificate));
        }
        return new Recipients(keys, fingerprints);
    }

    private static List<OpenPGPCertificate> certificates(byte[] file) {
        try {
            List<OpenPGPCertificate> certificates = new OpenPGPKeyReader().parseKeysOrCertificates(file);
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (IOException | RuntimeException e) {
            // The library says in many ways that it can't make anything of it.
            throw new IllegalArgumentException("contains no readable OpenPGP public key. " + EXPORT, e);
        }
        throw new IllegalArgumentException("contains no OpenPGP public key. " + EXPORT);
    }

    static String fingerprint(OpenPGPCertificate certificate) {
        return Fingerprints.of(certificate.getFingerprint());
    }
}
