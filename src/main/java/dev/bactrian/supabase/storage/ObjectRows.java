package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.archive.EntryNames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code sql/backup/supabase/detect-storage-objects.sql} as files with their entries' names. They come by bucket and by their
 * names' bytes: a name is then behind all those that it begins with, and only those are remembered.
 */
final class ObjectRows implements Iterator<StorageObject> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Iterator<Map<String, Object>> rows;
    private final Deque<String> beginnings = new ArrayDeque<>();
    private String bucket = "";
    private final @Nullable PreviousArchive earlier;
    private long index;

    ObjectRows(Iterator<Map<String, Object>> rows) {
        this(rows, null);
    }

    /**
     * Begins before the first row.
     *
     * @param earlier where unchanged files are looked for; null where they aren't
     */
    ObjectRows(Iterator<Map<String, Object>> rows, @Nullable PreviousArchive earlier) {
        this.rows = rows;
        this.earlier = earlier;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public StorageObject next() {
        Map<String, Object> row = rows.next();
        String name = String.valueOf(row.get("name"));
        String of = String.valueOf(row.get("bucket_id"));
        if (!of.equals(bucket)) {
            beginnings.clear();
            bucket = of;
        }
        while (!beginnings.isEmpty() && !name.startsWith(beginnings.peek())) {
            beginnings.pop();
        }
        String entry = EntryNames.storageFile(bucket, name, beginnings::contains);
        beginnings.push(name);
        try {
            JsonNode columns = JSON.readTree(String.valueOf(row.get("row")));
            StorageObject object = new StorageObject(index++, bucket, name, entry, columns, null);
            return earlier == null ? object : earlier.match(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL's to_jsonb makes JSON", e);
        }
    }
}
