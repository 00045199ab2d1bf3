package dev.bactrian.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Public keys whose signatures are believed: the present one, and those before it, whose backups are still kept.
 *
 * @param keys Ed25519
 */
public record PublicKeys(List<PublicKey> keys) {

    /** None at all. */
    public static final PublicKeys NONE = new PublicKeys(List.of());

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----");
    /** An Ed25519 SubjectPublicKeyInfo: 12 bytes that are always the same (RFC 8410), then 32. */
    private static final Pattern LINE = Pattern.compile("MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=");

    private static final long LARGEST_FILE = 1 << 16;
    private static final String REMEDY =
            " Set it to the file of a public key (openssl pkey -in sign.key -pubout -out sign.pub), to its PEM, or to "
                    + "the line that ./bactrian check shows; separate several with commas";

    public PublicKeys {
        keys = List.copyOf(keys);
    }

    /**
     * Reads a setting: PEM blocks, lines of base64 and names of files with either, separated by commas or line breaks.
     *
     * @throws IllegalArgumentException when one of them isn't a public key of Ed25519; its message goes on after the setting's
     *     name
     */
    public static PublicKeys of(String setting) {
        List<PublicKey> keys = new ArrayList<>();
        for (String part : rest(setting, keys)) {
            if (LINE.matcher(part).matches()) {
                keys.add(key(part));
            } else {
                keys.addAll(inFile(part));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("has no public key." + REMEDY);
        }
        return new PublicKeys(keys);
    }

    /** What is left of a text without its PEM blocks, whose keys are added. */
    private static List<String> rest(String text, List<PublicKey> keys) {
        if (text.contains("PRIVATE KEY-----")) {
            throw new IllegalArgumentException(
                    "has a private key. To check signatures, the public half is enough; the private one should be "
                            + "only where backups are made." + REMEDY);
        }
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            keys.add(key(block.group(1).replaceAll("\\s", "")));
        }
        return Stream.of(block.replaceAll("\n").split("[,\r\n]", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static List<PublicKey> inFile(String name) {
        String text;
        try {
            Path file = Path.of(name);
            if (Files.size(file) > LARGEST_FILE) {
                throw new IllegalArgumentException("names " + name + ", which is too large for a key." + REMEDY);
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new IllegalArgumentException("names a file that can't be read (" + name + ")." + REMEDY, e);
        }
        List<PublicKey> keys = new ArrayList<>();
        for (String line : rest(text, keys)) {
            if (!LINE.matcher(line).matches()) {
                throw new IllegalArgumentException(
                        "names " + name + ", which contains something other than Ed25519 public keys." + REMEDY);
            }
            keys.add(key(line));
        }
        return keys;
    }

    private static PublicKey key(String base64) {
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance(SigningKey.ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("has a public key that isn't an Ed25519 key." + REMEDY, e);
        }
    }

    /** These, and the public half of a private key. */
    public PublicKeys and(SigningKey own) {
        List<PublicKey> all = new ArrayList<>(keys);
        all.add(own.publicKey());
        return new PublicKeys(all);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The one that a signature is by; empty when it is by none of them. */
    Optional<PublicKey> signer(byte[] signed, byte[] signature) {
        return keys.stream().filter(key -> verifies(key, signed, signature)).findFirst();
    }

    static boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance(SigningKey.ALGORITHM);
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (SignatureException e) {
            // It hasn't even the form of one.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform checks signatures by Ed25519", e);
        }
    }

    /** As {@link SigningKey#publicLine}, one after the other. */
    public List<String> lines() {
        return keys.stream()
                .map(key -> Base64.getEncoder().encodeToString(key.getEncoded()))
                .toList();
    }
}
