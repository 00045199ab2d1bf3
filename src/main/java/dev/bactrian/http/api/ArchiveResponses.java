package dev.bactrian.http.api;

import dev.bactrian.archive.StoreKeys;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.jspecify.annotations.Nullable;

/** Answers with whole archives, streamed, or with the part of one that is still missing where a download broke. */
public final class ArchiveResponses {

    private static final int PARTIAL = 206;
    private static final int NOT_SATISFIABLE = 416;

    /** The server's side of the request, for what Camel has no words for. */
    public HttpServerResponse response(Exchange exchange) {
        return exchange.getMessage(HttpMessage.class).getResponse();
    }

    /** What a request asks for; all of it where it continues a download of something else. */
    public ByteRange range(
            @ExchangeProperty("range") @Nullable String range,
            @ExchangeProperty("ifRange") @Nullable String ifRange,
            @ExchangeProperty("row") Map<String, Object> row,
            @Header("storedSize") long size,
            @ExchangeProperty("response") HttpServerResponse response) {
        ByteRange part = ByteRange.of(ifRange == null || ifRange.equals(tag(row)) ? range : null, size);
        if (part == null) {
            response.putHeader("Content-Range", "bytes */" + size);
            throw new ApiException(new ApiProblem(
                    NOT_SATISFIABLE,
                    "range-not-satisfiable",
                    "The archive has no such part",
                    "It has " + size + " bytes. If you have as many, the download is complete."));
        }
        return part;
    }

    /** Makes the body, a stream of the part, the answer. */
    public void answer(
            Exchange exchange,
            @Body InputStream content,
            @ExchangeProperty("key") String key,
            @ExchangeProperty("part") ByteRange part,
            @ExchangeProperty("row") Map<String, Object> row,
            @ExchangeProperty("response") HttpServerResponse response)
            throws IOException {
        EntryDownload download = new EntryDownload(content, response::reset);
        StreamedResponse.send(exchange, response, download, part.length(), StoreKeys.contentType(key), fileName(key));
        Message message = exchange.getMessage();
        message.setHeader("Accept-Ranges", "bytes");
        String tag = tag(row);
        if (tag != null) {
            message.setHeader("ETag", tag);
        }
        if (part.partial()) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, PARTIAL);
            message.setHeader("Content-Range", part.text());
        }
    }

    /** The end of the key, which an external worker may have given any characters. */
    private static String fileName(String key) {
        String name = key.substring(key.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_.-]", "_");
        return StreamedResponse.shortened(name);
    }

    /** What tells the archive from any other; null where its row doesn't say. */
    private static @Nullable String tag(Map<String, Object> row) {
        Object hash = row.get("sha256") == null ? row.get("manifest_sha256") : row.get("sha256");
        return hash == null ? null : "\"" + hash + "\"";
    }
}
