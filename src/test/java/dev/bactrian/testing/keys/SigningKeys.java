package dev.bactrian.testing.keys;

import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A pair of keys for signatures, in files as openssl makes them.
 *
 * @param privateFile PKCS#8, PEM
 * @param publicFile SubjectPublicKeyInfo, PEM
 */
public record SigningKeys(Path privateFile, Path publicFile) {

    /** Makes a pair. */
    public static SigningKeys make() {
        return make("Ed25519");
    }

    /** Makes a pair of another algorithm. */
    public static SigningKeys make(String algorithm) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            return new SigningKeys(
                    file("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    file("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path file(String what, byte[] key) {
        try {
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return Files.writeString(
                    TemporaryFiles.file("sign", ".pem"),
                    "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The PEM of the public half. */
    public String publicPem() {
        return text(publicFile);
    }

    /** The PEM of the private half. */
    public String privatePem() {
        return text(privateFile);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
