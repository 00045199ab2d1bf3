package dev.bactrian.http.api;

import dev.bactrian.archive.DamagedArchiveException;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.archive.read.ArchiveReader;
import dev.bactrian.archive.read.ArchiveSource;
import dev.bactrian.archive.read.CheckedEntry;
import dev.bactrian.archive.read.SavedBackup;
import dev.bactrian.archive.read.SavedEntries;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.jspecify.annotations.Nullable;

/** Answers with single entries of stored archives, streamed: neither the archive nor the entry is ever held here. */
public final class EntryResponses {

    private static final int CONFLICT = 409;
    private static final String BEFORE_NAME = "/entries/";

    private static final Map<String, String> TYPES = Map.of(
            "sql", "application/sql",
            "json", "application/json",
            "txt", "text/plain; charset=utf-8",
            "sh", "text/plain; charset=utf-8");

    /**
     * The name that a path ends in, its slashes as they are or percent-encoded. Not from the path's parameters, which a
     * query's may join.
     */
    public String name(@Header(Exchange.HTTP_PATH) String path) {
        String encoded = path.substring(path.indexOf(BEFORE_NAME) + BEFORE_NAME.length());
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("The entry's name in the path must be percent-encoded UTF-8.");
        }
    }

    /** The server's side of the request, for what Camel has no words for. */
    public HttpServerResponse response(Exchange exchange) {
        return exchange.getMessage(HttpMessage.class).getResponse();
    }

    /** Refuses an archive that nobody can read parts of. */
    public void refuseEncrypted(@ExchangeProperty("key") String key) {
        if (StoreKeys.isSealed(key)) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "encrypted-archive",
                    "The archive is encrypted",
                    "An encrypted archive can only be read whole. Download it and decrypt it with gpg --decrypt, or "
                            + "restore from it: see docs/encryption.md."));
        }
    }

    /**
     * Opens an entry, and makes its content the answer. What is found damaged later breaks the connection, so that nobody
     * takes it for the whole entry; a caller who goes away ends the reading of the store.
     *
     * @param manifest the one beside the archive, which the history knows; null where it doesn't
     */
    public void answer(
            Exchange exchange,
            @ExchangeProperty("entry") String entry,
            @ExchangeProperty("source") ArchiveSource source,
            @ExchangeProperty("manifestText") @Nullable String manifest,
            @ExchangeProperty("response") HttpServerResponse response)
            throws IOException {
        long size;
        EntryDownload download;
        try {
            SavedBackup saved = manifest == null ? null : SavedBackup.open(source, manifest);
            ArchiveReader reader = saved == null ? ArchiveReader.open(source) : saved.reader();
            if (!reader.has(entry)) {
                throw ApiException.notFound("The archive has no entry of this name. GET /api/backups/"
                        + exchange.getProperty("backupId") + "/manifest lists its entries.");
            }
            size = reader.size(entry);
            Optional<String> sha256 = saved == null ? Optional.empty() : SavedEntries.sha256(saved, entry);
            InputStream content = saved == null || sha256.isEmpty()
                    ? reader.open(entry)
                    : CheckedEntry.proven(saved, entry, sha256.get());
            download = new EntryDownload(content, response::reset);
        } catch (DamagedArchiveException e) {
            throw new ApiException(new ApiProblem(
                    CONFLICT,
                    "damaged-archive",
                    "The archive can't be used",
                    "Of the archive " + source.name() + ": " + e.getMessage()
                            + ". Use another backup; ./bactrian verify --archive-only shows how much of this one is "
                            + "intact."));
        }
        StreamedResponse.send(exchange, response, download, size, contentType(entry), fileName(entry));
    }

    private static String contentType(String entry) {
        return TYPES.getOrDefault(entry.substring(entry.lastIndexOf('.') + 1), "application/octet-stream");
    }

    /** {@code app.orders.data.sql} for {@code db/app/tables/orders/data.sql}; names of entries have harmless characters only. */
    static String fileName(String entry) {
        String name = entry.replaceFirst("^db/", "")
                .replaceFirst("^([^/]+)/tables/", "$1/")
                .replace('/', '.');
        return StreamedResponse.shortened(name);
    }
}
