package dev.bactrian.supabase.storage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Which files a backup is to hold.
 *
 * @param buckets rows of {@code storage.buckets} with all their columns
 * @param ids of these buckets, as a JSON array
 * @param objects how many files are in them
 * @param bytes of these, as far as their rows say
 */
public record FilePlan(List<JsonNode> buckets, String ids, long objects, long bytes) {

    public FilePlan {
        buckets = List.copyOf(buckets);
    }
}
