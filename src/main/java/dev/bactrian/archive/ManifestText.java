package dev.bactrian.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.signing.SignedText;
import dev.bactrian.support.Causes;
import dev.bactrian.support.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** Manifests as they lie in a store or in an archive: untrusted texts, read within {@link ReadLimits}. */
public final class ManifestText {

    /** What only the manifest beside an archive can say, and what is said of the rest of its own text alone. */
    private static final Set<String> OF_ITS_OWN = Set.of("archive", SignedText.MEMBER);

    private static final ObjectMapper JSON = ManifestJson.mapper();

    private final ReadLimits limits;

    public ManifestText(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * The text of a manifest in the store, which is UTF-8; null when there is none.
     *
     * @param body what the store gave out: a stream or a text
     * @throws DamagedArchiveException when it is larger than the limit: nothing more of it is read then
     */
    public @Nullable String read(@Body @Nullable Object body) throws IOException {
        if (body instanceof InputStream stream) {
            try (stream) {
                return text(stream, limits);
            }
        }
        return body == null
                ? null
                : text(new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8)), limits);
    }

    /** As {@link #read}, of what is there. */
    public static String text(InputStream in, ReadLimits limits) throws IOException {
        int most = (int) limits.manifestBytes();
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw limits.largeManifest();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** SHA-256 of a manifest's text in UTF-8, as the history keeps it. */
    public static String sha256(String manifest) {
        var digest = Sha256.begin();
        digest.update(manifest.getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }

    /**
     * What a manifest says. JSON may lack anything, whatever the record says.
     *
     * @param where it lies, for messages: goes on after "the manifest "
     * @throws DamagedArchiveException when it isn't a manifest, or one of a later format
     */
    public static Manifest parse(String manifest, String where) throws DamagedArchiveException {
        int format;
        try {
            String told = ManifestJson.text(manifest, "/format_version");
            format = Integer.parseInt(told);
        } catch (NumberFormatException e) {
            format = 0;
        }
        if (format > ManifestFormat.NEWEST) {
            throw new DamagedArchiveException("the manifest " + where + " is of format " + format
                    + ", and this Bactrian reads up to " + ManifestFormat.NEWEST + ": use a newer one");
        }
        try {
            Manifest parsed = format < 1 ? null : JSON.readValue(manifest, Manifest.class);
            if (parsed != null) {
                return parsed;
            }
        } catch (IOException e) {
            // Inside a list Jackson wraps it.
            throw Causes.first(e, StreamConstraintsException.class)
                    .map(ManifestText::limit)
                    .orElseGet(() -> new DamagedArchiveException("the manifest " + where + " can't be read", e));
        }
        throw new DamagedArchiveException("the manifest " + where + " isn't the manifest of a backup");
    }

    private static DamagedArchiveException limit(StreamConstraintsException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Token count")
                ? ReadLimits.HERE.fullManifest()
                : new DamagedArchiveException("its manifest exceeds a limit: " + e.getOriginalMessage(), e);
    }

    /**
     * Whether two manifests say the same, but for what only the one beside an archive can: member by member, without holding
     * either. Bactrian writes both in the same order.
     *
     * @throws DamagedArchiveException when one of them isn't JSON, or goes beyond a limit
     */
    public static boolean same(String one, String other) throws DamagedArchiveException {
        try (JsonParser first = ManifestJson.factory().createParser(one);
                JsonParser second = ManifestJson.factory().createParser(other)) {
            for (int depth = 0; ; ) {
                JsonToken token = next(first, depth);
                if (token != next(second, depth)
                        || token != null
                                && !token.isStructStart()
                                && !Objects.equals(first.getText(), second.getText())) {
                    return false;
                }
                if (token == null) {
                    return true;
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
        } catch (StreamConstraintsException e) {
            throw limit(e);
        } catch (IOException e) {
            throw new DamagedArchiveException("one of its manifests can't be read", e);
        }
    }

    private static @Nullable JsonToken next(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.nextToken();
        while (depth == 1 && token == JsonToken.FIELD_NAME && OF_ITS_OWN.contains(parser.currentName())) {
            parser.nextToken();
            parser.skipChildren();
            token = parser.nextToken();
        }
        return token;
    }
}
