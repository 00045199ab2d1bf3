package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.EntryNames;
import dev.bactrian.archive.SupabaseContents;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ArchiveEntryWriter;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/**
 * {@code storage/objects.json}: what Storage knows of each bucket and file, and which entry holds a file's bytes. One
 * object: {@code format_version}, {@code buckets} with all columns, {@code objects} that are in the archive, and
 * {@code skew}, those that aren't, with the reason. Ordered by bucket and name, a line each; times in ISO 8601 UTC.
 */
public final class ObjectsJson {

    private static final int FORMAT_VERSION = 1;
    private static final String[] TIMES = {"created_at", "updated_at", "last_accessed_at"};

    /** Writes it, once every file is in the archive. */
    public void add(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("files") FilesRun files,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        run.getEvidence().found("files", files.plan().objects());
        run.getEvidence()
                .requireAll("files", files.saved().count() + files.skewed().count(), "direct:fetch-files");
        run.getEvidence().expect("judge-skew");
        try (StoppableRun.Work work = run.beginWork();
                ArchiveEntryWriter entry = archive.begin(EntryNames.OBJECTS)) {
            text(entry, "{\"format_version\":" + FORMAT_VERSION + ",\n\"buckets\":[");
            String separator = "\n";
            for (JsonNode bucket : files.plan().buckets()) {
                text(entry, separator + new ObjectMapper().writeValueAsString(bucket));
                separator = ",\n";
            }
            text(entry, "],\n\"objects\":[");
            files.saved().copyTo(entry);
            text(entry, "],\n\"skew\":[");
            files.skewed().copyTo(entry);
            text(entry, "]}\n");
            entry.close();
            contents.addFile(entry.name(), entry.bytes(), entry.sha256());
            run.getEvidence().undone("confirm-platform-tables");
            contents.addStorage(new SupabaseContents.Files(
                    files.plan().buckets().size(),
                    files.saved().count(),
                    files.bytes(),
                    files.skewed().count(),
                    files.reused()));
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a file that is in the archive. */
    static ObjectNode line(FetchedFile file) {
        StorageObject object = file.object();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("bucket_id", object.bucket()).put("name", object.name()).put("entry", object.entry());
        line.put("version", object.column("version"));
        line.put("size", file.bytes());
        line.put("etag", object.eTag());
        line.put("content_type", object.contentType());
        line.put("cache_control", object.cacheControl());
        line.set("metadata", object.row().get("metadata"));
        line.set("user_metadata", object.row().get("user_metadata"));
        line.put("owner", object.column("owner")).put("owner_id", object.column("owner_id"));
        for (String time : TIMES) {
            line.put(time, utc(object.column(time)));
        }
        return line.put("bytes", file.bytes()).put("sha256", file.sha256());
    }

    /** Of one that isn't. */
    static ObjectNode line(Skew skew) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("bucket_id", skew.object().bucket())
                .put("name", skew.object().name())
                .put("reason", skew.reason().text())
                .put("detail", skew.detail());
    }

    /** A time as PostgreSQL has it in JSON, in UTC; infinity stays what it is. */
    static @Nullable String utc(@Nullable String time) {
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant().toString();
        } catch (DateTimeException e) {
            return time;
        }
    }
}
