package dev.bactrian.http.functions;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 over a body, as GitHub sends it: {@code sha256=} and lower-case hex. */
public final class HmacSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern FORM = Pattern.compile("sha256=[0-9a-f]{64}");

    private final SecretKeySpec key;

    public HmacSignature(String secret) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Whether a text could be the signature of something. */
    public static boolean isOne(String shown) {
        return FORM.matcher(shown).matches();
    }

    /** Begins to compute the signature of a body that arrives in pieces. */
    public Running begin() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return new Running(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", e);
        }
    }

    /** What a body is signed with. */
    public String of(byte[] body) {
        Running running = begin();
        running.add(body);
        return running.end();
    }

    /** Whether a body was signed with the secret. */
    public boolean signs(byte[] body, @Nullable String signature) {
        Running running = begin();
        running.add(body);
        return signature != null && running.is(signature);
    }

    /** The signature of a body that isn't complete yet. */
    public static final class Running {

        private final Mac mac;

        private Running(Mac mac) {
            this.mac = mac;
        }

        public void add(byte[] bytes) {
            mac.update(bytes);
        }

        /** Ends the body, and compares; in constant time, so that no timing tells how much of a guess was right. */
        public boolean is(String signature) {
            return MessageDigest.isEqual(
                    end().getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
        }

        private String end() {
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal());
        }
    }
}
