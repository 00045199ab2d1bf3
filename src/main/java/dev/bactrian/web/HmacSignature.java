package dev.bactrian.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 over a body, as GitHub sends it: {@code sha256=} and lower-case hex. */
final class HmacSignature {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    HmacSignature(String secret) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** What a body is signed with. */
    String of(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", e);
        }
    }

    /** Whether a body was signed with the secret; in constant time, so that no timing tells how much of a guess was right. */
    boolean signs(byte[] body, @Nullable String signature) {
        return signature != null
                && MessageDigest.isEqual(
                        of(body).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }
}
