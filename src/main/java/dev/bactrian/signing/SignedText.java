package dev.bactrian.signing;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An indented JSON object that carries its own signature, as its last member, on its last line but one. Signed is every byte before
 * that line: no form of JSON has to be agreed on, and sed and openssl can check it (docs/signing.md).
 */
public final class SignedText {

    /** The member's name. */
    public static final String MEMBER = "signature";

    private static final String LINE_START = "  \"" + MEMBER + "\" : ";
    /** Exactly what {@link #sign} writes: nothing else can stand where nothing is signed. */
    private static final Pattern LAST = Pattern.compile("\\Q" + LINE_START
            + "\\E\\{ \"algorithm\" : \"Ed25519\", \"key\" : \"[A-Za-z0-9+/=]{60}\", \"value\" :"
            + " \"([A-Za-z0-9+/=]{88})\" }\n"
            + "}\n"
            + "?");

    private final String signed;
    private final byte[] signature;

    private SignedText(String signed, byte[] signature) {
        this.signed = signed;
        this.signature = signature;
    }

    /**
     * Adds a signature.
     *
     * @param text an object of JSON, indented by two spaces, that ends with a line break and a brace
     * @param key null where nothing is signed: then the text stays as it is
     */
    public static String sign(String text, @Nullable SigningKey key) {
        if (key == null) {
            return text;
        }
        if (!text.endsWith("\n}")) {
            throw new IllegalArgumentException("Only an indented object can be signed");
        }
        String signed = text.substring(0, text.length() - 2) + ",\n";
        String value = Base64.getEncoder().encodeToString(key.sign(signed.getBytes(StandardCharsets.UTF_8)));
        return signed + LINE_START + "{ \"algorithm\" : \"" + SigningKey.ALGORITHM + "\", \"key\" : \""
                + key.publicLine() + "\", \"value\" : \"" + value + "\" }\n}";
    }

    /** The text as one that is signed; empty when it isn't, or not in this form. Says nothing of whether the signature holds. */
    public static Optional<SignedText> of(String text) {
        int at = text.lastIndexOf("\n" + LINE_START) + 1;
        Matcher last = LAST.matcher(at == 0 ? "" : text.substring(at));
        if (!last.matches()) {
            return Optional.empty();
        }
        try {
            byte[] signature = Base64.getDecoder().decode(last.group(1));
            // Four texts are decoded to the same bytes, and one of them was written.
            return Base64.getEncoder().encodeToString(signature).equals(last.group(1))
                    ? Optional.of(new SignedText(text.substring(0, at), signature))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The public key, on one line, that this is signed by; empty when that is none of these, or the text isn't what was signed. */
    public Optional<String> signer(PublicKeys trusted) {
        Optional<PublicKey> signer = trusted.signer(signed.getBytes(StandardCharsets.UTF_8), signature);
        return signer.map(key -> Base64.getEncoder().encodeToString(key.getEncoded()));
    }
}
