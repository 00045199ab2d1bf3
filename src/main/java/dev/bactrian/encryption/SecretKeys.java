package dev.bactrian.encryption;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.Provider;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPDigestCalculatorProviderBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcePBESecretKeyDecryptorBuilder;
import org.jspecify.annotations.Nullable;

/** The private keys of a {@link DecryptionKey}, by Bouncy Castle. */
final class SecretKeys {

    static final Provider PROVIDER = new BouncyCastleProvider();

    /** The JDK's own provider. */
    static final String FAST_AES = "SunJCE";

    private final PGPSecretKeyRingCollection keys;
    private final String passphrase;

    private SecretKeys(PGPSecretKeyRingCollection keys, String passphrase) {
        this.keys = keys;
        this.passphrase = passphrase;
    }

    /**
     * Reads private keys, armoured or binary.
     *
     * @param passphrase null for keys without one
     * @throws IllegalArgumentException when there is none; its message goes on after the setting's name
     */
    static SecretKeys of(byte[] file, @Nullable String passphrase) {
        // Twice: only then are all armoured blocks read, where one follows the other.
        try (InputStream in = PGPUtil.getDecoderStream(PGPUtil.getDecoderStream(new ByteArrayInputStream(file)))) {
            PGPSecretKeyRingCollection keys = new PGPSecretKeyRingCollection(in, new JcaKeyFingerprintCalculator());
            if (keys.size() > 0) {
                return new SecretKeys(keys, passphrase == null ? "" : passphrase);
            }
        } catch (IOException | PGPException | RuntimeException e) {
            // Public keys, archives and plain text all end here; what they hold must not be shown.
        }
        throw new IllegalArgumentException(
                "contains no OpenPGP private key. Export it where it is kept with: gpg --armor --export-secret-keys "
                        + "NAME");
    }

    /** The part of the message that holds the session key for one of these keys. */
    PGPPublicKeyEncryptedData choose(List<PGPPublicKeyEncryptedData> envelopes) {
        return envelopes.stream()
                .filter(envelope -> find(envelope) != null)
                .findFirst()
                .orElseThrow(() -> unopened(
                        "The archive is encrypted for "
                                + envelopes.stream()
                                        .map(envelope -> Fingerprints.ofId(
                                                envelope.getKeyIdentifier().getKeyId()))
                                        .collect(Collectors.joining(", "))
                                + ", and the private key is a different one: " + ids() + ".",
                        "Use the private key that belongs to one of them (--decrypt-key FILE, or "
                                + "BACKUP_DECRYPT_KEY_FILE)."));
    }

    private @Nullable PGPSecretKey find(PGPPublicKeyEncryptedData envelope) {
        return keys.getSecretKey(envelope.getKeyIdentifier().getKeyId());
    }

    private String ids() {
        return keys.getKeyRings() == null ? "" : names(keys.getKeyRings());
    }

    private static String names(Iterator<PGPSecretKeyRing> rings) {
        StringBuilder names = new StringBuilder();
        while (rings.hasNext()) {
            for (PGPSecretKey key : rings.next()) {
                names.append(names.isEmpty() ? "" : ", ").append(Fingerprints.ofId(key.getKeyID()));
            }
        }
        return names.toString();
    }

    /** The key that opens an envelope {@link #choose} has chosen. */
    PGPPrivateKey unlock(PGPPublicKeyEncryptedData envelope) {
        PGPSecretKey key = find(envelope);
        if (key == null || key.isPrivateKeyEmpty()) {
            throw unopened(
                    "The file of the private key has only a stub of it: the key itself is elsewhere, perhaps on a "
                            + "smart card.",
                    "Decrypt the archive there with gpg --decrypt, and use the resulting zip.");
        }
        try {
            PGPPrivateKey unlocked = key.extractPrivateKey(
                    new JcePBESecretKeyDecryptorBuilder(new JcaPGPDigestCalculatorProviderBuilder()
                                    .setProvider(PROVIDER)
                                    .build())
                            .setProvider(PROVIDER)
                            .build(passphrase.toCharArray()));
            if (unlocked != null) {
                return unlocked;
            }
        } catch (PGPException e) {
            // Not as the cause: nobody knows what a library puts into its messages.
        }
        boolean needsOne = key.getKeyEncryptionAlgorithm() != SymmetricKeyAlgorithmTags.NULL && passphrase.isEmpty();
        throw unopened(
                needsOne
                        ? "The private key is protected by a passphrase, and no passphrase is set."
                        : "The passphrase of the private key is wrong.",
                "Set BACKUP_DECRYPT_PASSPHRASE, or BACKUP_DECRYPT_PASSPHRASE_FILE, to the key's passphrase.");
    }

    static ProblemException unopened(String cause, String remedy) {
        return new ProblemException(new Problem(cause, "Nothing was changed.", remedy), null);
    }

    @Override
    public String toString() {
        return "private key " + ids();
    }
}
