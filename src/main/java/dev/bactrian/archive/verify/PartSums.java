package dev.bactrian.archive.verify;

import dev.bactrian.archive.DataEntry;
import dev.bactrian.archive.Manifest;
import dev.bactrian.postgres.script.RowDigest;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a manifest says of a table, next to what it says of the parts of its rows. */
final class PartSums {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");

    private PartSums() {}

    /** Whether what is said of a table is the sum of what is said of its parts, where it has some. */
    static boolean fit(Manifest.TablePart table) {
        List<DataEntry> parts = table.dataEntries();
        return parts == null
                || table.dataEntry() == null
                        && parts.size() > 1
                        && parts.stream().allMatch(PartSums::isWhole)
                        && Objects.equals(table.rows(), sum(parts, DataEntry::rows))
                        && Objects.equals(table.bytes(), sum(parts, DataEntry::bytes))
                        && (!RowDigest.NAME.equals(table.rowDigestKind())
                                || RowDigest.sum(parts.stream().map(DataEntry::rowDigest))
                                        .equals(table.rowDigest()));
    }

    private static boolean isWhole(@Nullable DataEntry part) {
        return part != null
                && part.entry() != null
                && part.rows() != null
                && part.bytes() != null
                && part.rowDigest() != null
                && DIGEST.matcher(part.rowDigest()).matches();
    }

    private static long sum(List<DataEntry> parts, Function<DataEntry, @Nullable Long> of) {
        return parts.stream()
                .map(of)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }
}
