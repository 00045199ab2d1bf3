package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest beside an archive tells for a later backup that takes tables over (BACKUP_UNCHANGED=reuse). It is read from a
 * store: it may say anything.
 *
 * @param version what the store calls this content of the archive, such as S3's ETag; null where it has no word for that
 * @param source what is known of the server and its tables, by which a later backup proves that rows are the same
 * @param places of entries with tables' rows, by their names
 * @param since how many backups have taken tables over since all tables were read; 0 where all were
 * @param from the id of the backup that read the rows of an entry, by its name; for those that were taken over
 * @param refuted the table whose rows had changed though they seemed proved; from then on nothing is taken over
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Reusable(
        @Nullable String version,
        JsonNode source,
        Map<String, EntryPlace> places,
        int since,
        Map<String, String> from,
        @Nullable String refuted) {

    /** JSON may lack anything. */
    public Reusable {
        places = Objects.requireNonNullElse(places, Map.of());
        from = Objects.requireNonNullElse(from, Map.of());
    }
}
