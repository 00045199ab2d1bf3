package dev.bactrian.testing.stores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.supabase.StorageContent;
import dev.bactrian.testing.supabase.StorageServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a {@link StorageServer} keeps. With a database of the project attached, each bucket and each file has its row there,
 * as Storage writes them.
 */
public final class StorageBuckets {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> buckets = new ConcurrentSkipListMap<>();
    private final Map<String, Stored> files = new ConcurrentHashMap<>();
    private JdbcTemplate rows;
    private boolean project;

    /**
     * A file.
     *
     * @param content null when its bytes are lost
     * @param size as its row says
     */
    public record Stored(
            UUID id,
            StorageContent content,
            long size,
            String contentType,
            String cacheControl,
            JsonNode userMetadata,
            String version,
            String eTag,
            Instant createdAt,
            Instant updatedAt) {

        public String lastModified() {
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(updatedAt.atOffset(ZoneOffset.UTC));
        }
    }

    /** From now on rows are written, too. */
    public StorageBuckets attach(TestDatabase project) {
        rows = project.jdbc();
        return this;
    }

    /**
     * Works as the Storage of this project does: buckets are those of its rows, and a file is found by its row, under the
     * version that stands there. A row whose version nobody has uploaded here is a broken download.
     */
    public StorageBuckets serve(TestDatabase project) {
        attach(project);
        this.project = true;
        return this;
    }

    /** Keeps the bytes that a row tells of, without changing the row. */
    public void adopt(String bucket, String name, StorageContent content) {
        Stored told = lost(bucket, name);
        files.put(
                key(bucket, name),
                new Stored(
                        told.id(),
                        content,
                        content.size(),
                        told.contentType(),
                        told.cacheControl(),
                        told.userMetadata(),
                        told.version(),
                        told.eTag(),
                        told.createdAt(),
                        told.updatedAt()));
    }

    /** A file as its row has it, without its bytes; null when there is no row. */
    private Stored lost(String bucket, String name) {
        return rows
                .query(
                        "SELECT id, coalesce(metadata, '{}')::text, user_metadata::text, version, created_at, updated_at"
                                + " FROM storage.objects WHERE bucket_id = ? AND name = ?",
                        (row, number) -> {
                            JsonNode metadata = json(row.getString(2));
                            return new Stored(
                                    UUID.fromString(row.getString(1)),
                                    null,
                                    metadata.path("size").asLong(),
                                    metadata.path("mimetype").asText(),
                                    metadata.path("cacheControl").asText(),
                                    row.getString(3) == null ? null : json(row.getString(3)),
                                    row.getString(4),
                                    metadata.path("eTag").asText(),
                                    row.getTimestamp(5).toInstant(),
                                    row.getTimestamp(6).toInstant());
                        },
                        bucket,
                        name)
                .stream()
                .findFirst()
                .orElse(null);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public StorageBuckets create(String bucket, boolean open) {
        buckets.put(
                bucket,
                JSON.createObjectNode().put("id", bucket).put("name", bucket).put("public", open));
        if (rows != null) {
            rows.update(
                    "INSERT INTO storage.buckets (id, name, public) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    bucket,
                    bucket,
                    open);
        }
        return this;
    }

    /** Puts a file there whose type and text say little. */
    public Stored put(String bucket, String name, String text) {
        return put(
                bucket,
                name,
                StorageContent.of(text.getBytes(StandardCharsets.UTF_8)),
                "text/plain",
                "max-age=3600",
                null);
    }

    public Stored put(
            String bucket,
            String name,
            StorageContent content,
            String contentType,
            String cacheControl,
            JsonNode userMetadata) {
        Stored old = files.get(key(bucket, name));
        Instant now = Instant.now();
        Stored stored = new Stored(
                old == null ? UUID.randomUUID() : old.id(),
                content,
                content.size(),
                contentType,
                cacheControl,
                userMetadata,
                UUID.randomUUID().toString(),
                eTag(content),
                old == null ? now : old.createdAt(),
                now);
        files.put(key(bucket, name), stored);
        if (rows != null) {
            write(bucket, name, stored);
        }
        return stored;
    }

    /** Puts very many files there, with names of their own. */
    public void fill(String bucket, int count, StorageContent content) {
        List<Object[]> lines = new ArrayList<>();
        JdbcTemplate project = rows;
        rows = null;
        for (int n = 0; n < count; n++) {
            String name = "folder-" + n % 100 + "/file-" + n + ".bin";
            Stored stored = put(bucket, name, content, "application/octet-stream", "no-cache", null);
            lines.add(new Object[] {stored.id(), bucket, name, metadata(stored).toString(), stored.version()});
        }
        rows = project;
        project.batchUpdate(
                "INSERT INTO storage.objects (id, bucket_id, name, metadata, version) VALUES (?, ?, ?, ?::jsonb, ?)",
                lines);
    }

    private void write(String bucket, String name, Stored stored) {
        rows.update(
                "INSERT INTO storage.objects (id, bucket_id, name, metadata, user_metadata, version, updated_at)"
                        + " VALUES (?, ?, ?, ?::jsonb, ?::jsonb, ?, clock_timestamp()) ON CONFLICT (bucket_id, name) DO UPDATE"
                        + " SET metadata = excluded.metadata, user_metadata = excluded.user_metadata,"
                        + " version = excluded.version, updated_at = excluded.updated_at, owner = NULL, owner_id = NULL",
                stored.id(),
                bucket,
                name,
                metadata(stored).toString(),
                stored.userMetadata() == null ? null : stored.userMetadata().toString(),
                stored.version());
    }

    private static ObjectNode metadata(Stored stored) {
        return JSON.createObjectNode()
                .put("eTag", stored.eTag())
                .put("size", stored.content().size())
                .put("mimetype", stored.contentType())
                .put("cacheControl", stored.cacheControl())
                .put("lastModified", stored.updatedAt().toString())
                .put("contentLength", stored.content().size())
                .put("httpStatusCode", 200);
    }

    /** Deletes a file and its row. */
    public void delete(String bucket, String name) {
        files.remove(key(bucket, name));
        if (rows != null) {
            rows.execute((java.sql.Connection connection) -> {
                try (var allow = connection.createStatement();
                        var delete = connection.prepareStatement(
                                "DELETE FROM storage.objects WHERE bucket_id = ? AND name = ?")) {
                    allow.execute("SET storage.allow_delete_query = 'true'");
                    delete.setString(1, bucket);
                    delete.setString(2, name);
                    return delete.executeUpdate();
                }
            });
        }
    }

    /** Loses a file's bytes; its row stays. */
    public void lose(String bucket, String name) {
        files.computeIfPresent(
                key(bucket, name),
                (key, stored) -> new Stored(
                        stored.id(),
                        null,
                        stored.size(),
                        stored.contentType(),
                        stored.cacheControl(),
                        stored.userMetadata(),
                        stored.version(),
                        stored.eTag(),
                        stored.createdAt(),
                        stored.updatedAt()));
    }

    /** Null when there is none. */
    public Stored get(String bucket, String name) {
        Stored stored = files.get(key(bucket, name));
        if (!project) {
            return stored;
        }
        Stored told = lost(bucket, name);
        return told == null || stored == null || !stored.version().equals(told.version()) ? told : stored;
    }

    public JsonNode find(String bucket) {
        return project
                ? list().stream()
                        .filter(row -> row.path("id").asText().equals(bucket))
                        .findFirst()
                        .orElse(null)
                : buckets.get(bucket);
    }

    public List<JsonNode> list() {
        return project
                ? rows
                        .queryForList(
                                "SELECT to_jsonb(bucket)::text FROM storage.buckets AS bucket ORDER BY id",
                                String.class)
                        .stream()
                        .map(StorageBuckets::json)
                        .toList()
                : List.copyOf(buckets.values());
    }

    /** One level of a bucket, as {@code POST /object/list} gives it: folders have no id. */
    public List<JsonNode> level(String bucket, JsonNode wanted) {
        String prefix = wanted.path("prefix").asText();
        String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        String begin = key(bucket, folder);
        Map<String, JsonNode> level = new TreeMap<>();
        files.forEach((key, stored) -> {
            if (key.startsWith(begin)) {
                String name = key.substring(begin.length());
                int slash = name.indexOf('/');
                ObjectNode entry = JSON.createObjectNode().put("name", slash < 0 ? name : name.substring(0, slash));
                entry.put("id", slash < 0 ? stored.id().toString() : null);
                level.put(entry.path("name").asText(), entry);
            }
        });
        return new ArrayList<>(level.values())
                .stream()
                        .skip(wanted.path("offset").asLong(0))
                        .limit(wanted.path("limit").asLong(100))
                        .toList();
    }

    private static String key(String bucket, String name) {
        return bucket + "\n" + name;
    }

    /** The MD5, as S3 has it; of what is too large for one part, as S3 has those. */
    private static String eTag(StorageContent content) {
        if (content.size() > 16 << 20) {
            return "\"" + HexFormat.of().toHexDigits(content.size()) + "0000000000000000-7\"";
        }
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(content.from(0).readAllBytes());
            return "\"" + HexFormat.of().formatHex(md5.digest()) + "\"";
        } catch (NoSuchAlgorithmException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
