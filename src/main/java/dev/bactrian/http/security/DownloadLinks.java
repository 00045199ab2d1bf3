package dev.bactrian.http.security;

import dev.bactrian.config.Settings;
import dev.bactrian.http.functions.HmacSignature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * Links of the service's own to archives in stores that have none: a path that names a backup, when it ends, and a signature of both.
 * All services with the same {@code BACKUP_API_KEY} accept each other's.
 */
public final class DownloadLinks {

    private static final long SECONDS = 900;

    private static final String PATH = "/downloads/";

    private static final Pattern FORM = Pattern.compile(
            PATH + "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/([0-9]{10})-([0-9a-f]{64})");

    /** Who has a link must not be able to try keys out on it quickly: each try costs so many rounds. */
    private static final int ROUNDS = 100_000;

    private final String secret;
    private final String service;
    private @Nullable HmacSignature signature;

    public DownloadLinks(Settings settings) {
        this(
                // Without a key no service starts; a link then ends with the process.
                Objects.requireNonNullElseGet(
                        settings.apiKey(), () -> UUID.randomUUID().toString()),
                settings.notifications().publicUrl());
    }

    /**
     * Prepares.
     *
     * @param publicUrl where links begin, without a slash at its end; null for links that are paths
     */
    DownloadLinks(String apiKey, @Nullable String publicUrl) {
        this.secret = apiKey;
        this.service = Objects.requireNonNullElse(publicUrl, "");
    }

    /** A link to the archive of a row of the history, good for 15 minutes. */
    public String of(@ExchangeProperty("row") Map<String, Object> row) {
        return service + path(String.valueOf(row.get("id")), Instant.now().getEpochSecond() + SECONDS);
    }

    /** Whether a path is one that only a link leads to. */
    static boolean lead(String path) {
        return path.startsWith(PATH);
    }

    /** Whether a path was signed, and hasn't ended. */
    boolean open(String path) {
        Matcher link = FORM.matcher(path);
        return link.matches()
                && signature().signs(signed(link.group(1), link.group(2)), "sha256=" + link.group(3))
                && Instant.now().getEpochSecond() < Long.parseLong(link.group(2));
    }

    String path(String id, long end) {
        String text = Long.toString(end);
        return PATH + id + "/" + text + "-" + signature().of(signed(id, text)).replace("sha256=", "");
    }

    private static byte[] signed(String id, String end) {
        return (id + " " + end).getBytes(StandardCharsets.US_ASCII);
    }

    /** Made when a link is first made or used: most services need none. */
    private synchronized HmacSignature signature() {
        HmacSignature made = signature;
        if (made == null) {
            made = new HmacSignature(HexFormat.of().formatHex(derived(secret)));
            signature = made;
        }
        return made;
    }

    private static byte[] derived(String secret) {
        PBEKeySpec spec = new PBEKeySpec(
                secret.toCharArray(), "bactrian download links".getBytes(StandardCharsets.US_ASCII), ROUNDS, 256);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has PBKDF2", e);
        }
    }
}
