package dev.bactrian.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The private key that manifests are signed with. It is never shown; its public half is for everybody. */
public final class SigningKey {

    /** The only algorithm: one that has no parameters to get wrong. */
    public static final String ALGORITHM = "Ed25519";

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final String REMEDY =
            " Create one with: openssl genpkey -algorithm ed25519 -out sign.key; its public half with: openssl pkey "
                    + "-in sign.key -pubout -out sign.pub";

    private final PrivateKey key;
    private final PublicKey publicKey;

    private SigningKey(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /**
     * Reads a private key: PKCS#8 (RFC 5958, 8410), as PEM, as the base64 of that alone, or as bytes.
     *
     * @throws IllegalArgumentException when it isn't one that can sign; its message goes on after the setting's name
     */
    public static SigningKey of(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "has a private key that is protected by a passphrase. Remove the passphrase with: openssl pkey "
                            + "-in FILE -out sign.key; and let only the service read the file");
        }
        if (text.contains("BEGIN PUBLIC KEY")) {
            throw new IllegalArgumentException(
                    "has a public key. Signing needs the private one; the public one belongs in RESTORE_VERIFY_KEY."
                            + REMEDY);
        }
        byte[] encoded = encoded(file, text);
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            SigningKey read = new SigningKey(key, publicHalf((EdECPrivateKey) key));
            if (PublicKeys.verifies(read.publicKey, new byte[1], read.sign(new byte[1]))) {
                return read;
            }
        } catch (GeneralSecurityException e) {
            // Not as the cause: what a library puts into its messages must not be shown.
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
        throw unreadable();
    }

    private static byte[] encoded(byte[] file, String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        String base64 = begin >= 0 && end > begin ? text.substring(begin + BEGIN.length(), end) : text;
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return file.clone();
        }
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException("has no readable Ed25519 private key (PKCS#8)." + REMEDY);
    }

    /**
     * The public key that belongs to a private one. The JDK has no call for that: it makes both from 32 random bytes, and those
     * are the private key (RFC 8032, 5.1.5).
     */
    private static PublicKey publicHalf(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] seed = key.getBytes().orElseThrow(SigningKey::unreadable);
        KeyPairGenerator pairs = KeyPairGenerator.getInstance(ALGORITHM);
        pairs.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return pairs.generateKeyPair().getPublic();
    }

    /** Signs bytes. */
    public byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform signs by Ed25519", e);
        }
    }

    /** Its public half, on one line: the base64 of its SubjectPublicKeyInfo, which is what a PEM has between its first and last line. */
    public String publicLine() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public String toString() {
        return "signing key with the public half " + publicLine();
    }
}
