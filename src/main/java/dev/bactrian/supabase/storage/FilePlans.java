package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.config.FileSettings;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.selection.BucketFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Works out which files a backup holds. */
public final class FilePlans {

    private final ObjectMapper json = new ObjectMapper();
    private final FileSettings settings;

    public FilePlans(FileSettings settings) {
        this.settings = settings;
    }

    /** From the buckets that {@code sql/backup/supabase/detect-storage-buckets.sql} found. */
    public FilePlan plan(@Header("buckets") List<Map<String, Object>> rows, @ExchangeProperty("run") BackupRun run)
            throws JsonProcessingException {
        FilePlan plan = of(rows, run.getDatabase());
        run.getEvidence().done("plan-storage-files");
        return plan;
    }

    private FilePlan of(List<Map<String, Object>> rows, Database database) throws JsonProcessingException {
        BucketFilter filter = settings.buckets().getOrDefault(database.name(), BucketFilter.ALL);
        List<JsonNode> buckets = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        long objects = 0;
        long bytes = 0;
        for (Map<String, Object> row : rows) {
            String id = String.valueOf(row.get("id"));
            if (filter.holds(id)) {
                buckets.add(json.readTree(String.valueOf(row.get("row"))));
                ids.add(id);
                objects += ((Number) Objects.requireNonNull(row.get("objects"))).longValue();
                bytes += ((Number) Objects.requireNonNull(row.get("bytes"))).longValue();
            }
        }
        return new FilePlan(buckets, json.writeValueAsString(ids), objects, bytes);
    }
}
