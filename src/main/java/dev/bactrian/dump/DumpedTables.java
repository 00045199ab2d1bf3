package dev.bactrian.dump;

import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.dump.instant.Reading;
import dev.bactrian.dump.plan.DumpGroup;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates the groups of tables into the archive: each group whose steps have all ended well is counted among its contents.
 * A backup with a table that isn't is refused, whatever is in the zip. The bytes themselves go there while they are read (ADR
 * 0002). Camel calls this for one group at a time, and not for one that failed.
 */
public final class DumpedTables implements AggregationStrategy {

    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange group) {
        throw new UnsupportedOperationException("the split isn't given");
    }

    /** Gives back the split's own exchange, so that nothing of a single group is left behind in it. */
    @Override
    public Exchange aggregate(@Nullable Exchange before, Exchange group, Exchange split) {
        Reading reading = group.getMessage().getHeader("reading", Reading.class);
        ArchiveContents contents = split.getProperty("contents", ArchiveContents.class);
        // Edited routes may lack either: then nothing is counted, and that is what is refused.
        if (reading != null && contents != null) {
            DumpGroup read = group.getMessage().getHeader("group", DumpGroup.class);
            int number = read == null || read.range() == null ? 1 : read.range().number();
            contents.complete(reading.inPlace(), number);
            contents.complete(reading.elsewhere(), number);
        }
        return split;
    }
}
