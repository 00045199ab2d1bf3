package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An entry with rows of one table: a script that loads them alone. JSON may lack anything: what is null here is refused where
 * an archive is opened.
 *
 * @param rows in it
 * @param bytes of it
 * @param sha256 of it, lower-case hex
 * @param rowDigest of its rows, of the table's {@code rowDigestKind}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataEntry(
        String entry, @Nullable Long rows, @Nullable Long bytes, @Nullable String sha256, @Nullable String rowDigest) {}
