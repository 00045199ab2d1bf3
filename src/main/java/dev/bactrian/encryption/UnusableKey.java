package dev.bactrian.encryption;

import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;

/** Why a certificate can't encrypt, for whoever has to get another. */
final class UnusableKey {

    private static final int ENCRYPTS = KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE;

    private final OpenPGPCertificate certificate;
    private final Instant now;

    UnusableKey(OpenPGPCertificate certificate, Instant now) {
        this.certificate = certificate;
        this.now = now;
    }

    /** What is wrong with it, and what to do; goes on after the setting's name. */
    String why() {
        String name = "names the key " + Recipients.fingerprint(certificate) + ", which ";
        PGPPublicKey primary = certificate.getPrimaryKey().getPGPPublicKey();
        List<PGPPublicKey> encrypting = certificate.getKeys().stream()
                .map(OpenPGPComponentKey::getPGPPublicKey)
                .filter(UnusableKey::mayEncrypt)
                .toList();
        if (primary.hasRevocation()) {
            return name + "has been revoked. Set it to the key that replaces it.";
        }
        if (encrypting.isEmpty()) {
            return name + "can only sign. Add an encryption subkey with gpg --quick-add-key FINGERPRINT rsa4096 encr, "
                    + "and export it again; or use another key.";
        }
        if (encrypting.stream().allMatch(PGPPublicKey::hasRevocation)) {
            return name + "has no encryption subkey that hasn't been revoked. Add one with gpg --quick-add-key "
                    + "FINGERPRINT rsa4096 encr, and export the key again.";
        }
        Optional<Instant> expired = expiry(primary)
                .or(() ->
                        encrypting.stream().flatMap(key -> expiry(key).stream()).max(Comparator.naturalOrder()));
        return expired.map(when -> name + "expired at " + when
                        + ". Extend it with gpg --quick-set-expire FINGERPRINT 2y (and the same with '*' at the end "
                        + "for its subkeys), and export it again; or use another key.")
                .orElseGet(() -> name + "can't be trusted to encrypt: it is too weak, or its parts aren't signed as "
                        + "required. Create a new one with: gpg --quick-generate-key Backups default default "
                        + "never");
    }

    private static boolean mayEncrypt(PGPPublicKey key) {
        int flags = 0;
        for (Iterator<PGPSignature> signatures = key.getSignatures(); signatures.hasNext(); ) {
            PGPSignatureSubpacketVector hashed = signatures.next().getHashedSubPackets();
            flags |= hashed == null ? 0 : hashed.getKeyFlags();
        }
        return key.isEncryptionKey() && (flags == 0 || (flags & ENCRYPTS) != 0);
    }

    /** When it expired; nothing for one that hasn't. */
    private Optional<Instant> expiry(PGPPublicKey key) {
        long seconds = key.getValidSeconds();
        Instant end = key.getCreationTime().toInstant().plusSeconds(seconds);
        return seconds > 0 && end.isBefore(now) ? Optional.of(end) : Optional.empty();
    }
}
