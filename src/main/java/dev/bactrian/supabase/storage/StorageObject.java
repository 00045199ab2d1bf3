package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.support.Printable;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as its row of {@code storage.objects} has it at the snapshot's instant.
 *
 * @param index place in the list of all that are saved
 * @param entry that it becomes in the archive
 * @param row all columns
 * @param earlier the same bytes in an earlier archive; null where there are none
 */
public record StorageObject(
        long index, String bucket, String name, String entry, JsonNode row, @Nullable PreviousFile earlier) {

    private static final Set<String> COMPRESSED = Set.of(
            "application/zip",
            "application/gzip",
            "application/x-gzip",
            "application/zstd",
            "application/x-7z-compressed",
            "application/x-bzip2",
            "application/x-xz",
            "application/vnd.rar",
            "application/x-rar-compressed",
            "application/java-archive",
            "application/epub+zip",
            "application/pdf",
            "font/woff",
            "font/woff2");

    private static final Pattern COMPRESSED_KINDS = Pattern.compile(
            "(image/(?!svg|bmp|tiff|x-icon|vnd\\.microsoft\\.icon).*|video/.*|audio/(?!.*(wav|aiff|pcm)).*"
                    + "|application/vnd\\.(openxmlformats-officedocument|oasis\\.opendocument)\\..*)");

    /** Whether an earlier archive has the bytes that the row tells of. */
    public boolean isUnchanged() {
        return earlier != null;
    }

    /** Bytes; -1 where the row doesn't say. */
    long size() {
        JsonNode size = metadata().path("size");
        return size.isIntegralNumber() ? size.longValue() : -1;
    }

    /** Null where the row doesn't say. */
    @Nullable
    String eTag() {
        return Download.plain(text(metadata(), "eTag"));
    }

    @Nullable
    String contentType() {
        return text(metadata(), "mimetype");
    }

    @Nullable
    String cacheControl() {
        return text(metadata(), "cacheControl");
    }

    @Nullable
    String column(String name) {
        return text(row, name);
    }

    JsonNode metadata() {
        return row.path("metadata");
    }

    ArchiveEntryWriter beginEntry(Archive archive) {
        return isCompressed() ? archive.beginStored(entry) : archive.begin(entry);
    }

    /** Whether deflate would find nothing to do. */
    boolean isCompressed() {
        String type = contentType();
        String plain = type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return COMPRESSED.contains(plain) || COMPRESSED_KINDS.matcher(plain).matches();
    }

    /** As people may read it, in one line. */
    String shown() {
        return Printable.line(bucket + "/" + name);
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}
