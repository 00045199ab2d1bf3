package dev.bactrian.http.page;

import dev.bactrian.http.api.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The files below {@code web/} of the class path. Nothing else can be named, and nothing is read but once. */
public final class PageFiles {

    /** Where browsers ask for them. */
    public static final String PATH = "/web/";

    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+/){0,3}[a-z0-9-]+\\.(html|js|css|svg)");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");
    /** Named, and not with the weight 0, which refuses it (RFC 9110, 12.5.3). */
    private static final Pattern TAKES_GZIP =
            Pattern.compile("(?:^|,)\\s*gzip\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))|,|$)", Pattern.CASE_INSENSITIVE);

    private static final int NOT_MODIFIED = 304;

    private final Map<String, PageFile> files = new ConcurrentHashMap<>();

    /** The name of the file that a request is about. */
    public String name(@Header(Exchange.HTTP_PATH) String path) {
        return path.startsWith(PATH) ? path.substring(PATH.length()) : path;
    }

    /**
     * Answers with a file.
     *
     * @throws ApiException with 404 when there is none of this name
     */
    public void answer(
            Exchange exchange,
            @ExchangeProperty("file") String name,
            @Header("Accept-Encoding") @Nullable String encodings,
            @Header("If-None-Match") @Nullable String known)
            throws IOException {
        PageFile file = find(name);
        boolean compressed = encodings != null && TAKES_GZIP.matcher(encodings).find();
        String etag = file.etag(compressed);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader("ETag", etag);
        message.setHeader("Vary", "Accept-Encoding");
        if (isKnown(etag, known)) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, NOT_MODIFIED);
            message.setBody(null);
            return;
        }
        message.setHeader(Exchange.CONTENT_TYPE, file.type());
        if (compressed) {
            message.setHeader("Content-Encoding", "gzip");
        }
        message.setBody(compressed ? file.gzip() : file.plain());
    }

    private static boolean isKnown(String etag, @Nullable String known) {
        return known != null
                && Arrays.stream(known.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals(etag) || tag.equals("W/" + etag) || tag.equals("*"));
    }

    private PageFile find(String name) throws IOException {
        PageFile there = files.get(name);
        if (there != null) {
            return there;
        }
        Matcher form = NAME.matcher(name);
        if (form.matches()) {
            try (InputStream in = PageFiles.class.getResourceAsStream(PATH + name)) {
                if (in != null) {
                    PageFile file = PageFile.of(TYPES.getOrDefault(form.group(1), ""), in.readAllBytes());
                    files.put(name, file);
                    return file;
                }
            }
        }
        throw ApiException.notFound("The page has no such file.");
    }
}
