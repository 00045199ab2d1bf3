package dev.bactrian.dump.reuse;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.bactrian.archive.EntryPlace;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.Reusable;
import dev.bactrian.archive.StoredRange;
import dev.bactrian.archive.read.ResumingStream;
import dev.bactrian.archive.read.StoredSource;
import dev.bactrian.archive.write.Archive;
import dev.bactrian.archive.write.ArchiveContents;
import dev.bactrian.archive.write.ReusedRun;
import dev.bactrian.backup.BackupRun;
import dev.bactrian.dump.plan.Plan;
import dev.bactrian.postgres.Snapshot;
import dev.bactrian.postgres.Table;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.unchanged.SourceState;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what is proved unchanged into the archive, and tells in its manifest what the next backup needs to do the same. */
public final class TakenOver {

    private static final Logger LOG = LoggerFactory.getLogger(TakenOver.class);
    private static final Duration FLUSHED_SOON = Duration.ofSeconds(10);

    private final Supplier<CamelContext> camel;

    /** @param camel whose routes read the store, where that can't copy by itself */
    public TakenOver(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    /** Adds the entries of the tables, in the order in which they lie in the earlier archive. */
    public void addToArchive(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("reuse") Reuse reuse,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents)
            throws IOException {
        Reuse.Earlier earlier = reuse.earlier();
        ProducerTemplate routes = camel.get().createProducerTemplate();
        StoredSource source = new StoredSource(routes, earlier.key(), earlier.size(), run::warn);
        try (StoppableRun.Work work = run.beginWork()) {
            List<ReusedRun> runs = runs(reuse);
            for (ReusedRun next : runs) {
                next.addTo(archive, range -> open(source, range));
            }
            reuse.takenOver().values().forEach(candidate -> note(run, candidate, contents));
            LOG.info(
                    "{}: {} tables copied from {}, in {} runs",
                    run,
                    reuse.takenOver().size(),
                    earlier.key(),
                    runs.size());
        }
    }

    private static InputStream open(StoredSource source, StoredRange range) {
        return new ResumingStream(source, range.offset(), range.length());
    }

    private static List<ReusedRun> runs(Reuse reuse) {
        List<ReusedRun.Entry> all = reuse.takenOver().values().stream()
                .flatMap(candidate -> candidate.parts().stream())
                .map(Candidate.Part::entry)
                .sorted(Comparator.comparingLong(entry -> entry.place().offset()))
                .toList();
        List<ReusedRun> runs = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= all.size(); i++) {
            if (i == all.size()
                    || all.get(i).place().offset() != all.get(i - 1).place().end()) {
                runs.add(new ReusedRun(reuse.earlier().key(), all.subList(begin, i)));
                begin = i;
            }
        }
        return runs;
    }

    private static void note(BackupRun run, Candidate candidate, ArchiveContents contents) {
        int number = 0;
        for (Candidate.Part part : candidate.parts()) {
            number++;
            contents.addData(candidate.table(), number, candidate.parts().size(), part.data());
            contents.complete(List.of(candidate.table()), number);
            run.getProgress().moved(part.data().bytes());
        }
        contents.takenOver();
        run.getProgress().tableDone();
    }

    /** For the manifest beside the archive; null where no later backup can take anything over. */
    public @Nullable Reusable reusable(
            @ExchangeProperty("run") BackupRun run,
            @ExchangeProperty("snapshot") Snapshot snapshot,
            @ExchangeProperty("plan") Plan plan,
            @ExchangeProperty("sourceState") @Nullable SourceState source,
            @ExchangeProperty("reuse") @Nullable Reuse reuse,
            @ExchangeProperty("archive") Archive archive,
            @ExchangeProperty("contents") ArchiveContents contents,
            @ExchangeProperty("storedVersion") @Nullable String storedVersion)
            throws SQLException {
        String refuted = reuse == null ? null : refuted(reuse);
        if (refuted != null) {
            return new Reusable(null, NullNode.getInstance(), Map.of(), 0, Map.of(), refuted);
        }
        if (source == null || !isFlushed(run, snapshot, source)) {
            return null;
        }
        Map<String, EntryPlace> places = new HashMap<>();
        for (Table table : plan.tables()) {
            contents.data(table.oid()).ifPresent(rows -> rows.entries().forEach(entry -> {
                EntryPlace place = archive.place(entry.entry());
                if (place != null) {
                    places.put(entry.entry(), place);
                }
            }));
        }
        Map<Long, Candidate> takenOver = reuse == null ? Map.of() : reuse.takenOver();
        return new Reusable(
                storedVersion,
                ManifestJson.mapper().valueToTree(source),
                places,
                takenOver.isEmpty() || reuse == null
                        ? 0
                        : reuse.earlier().reusable().since() + 1,
                reuse == null ? Map.of() : origins(takenOver, reuse.earlier()),
                null);
    }

    private static @Nullable String refuted(Reuse reuse) {
        return reuse.refuted() != null
                ? reuse.refuted()
                : reuse.earlier().reusable().refuted();
    }

    /** Until the server has on its disk what was read, a crash can take it back, and others get its transactions' numbers. */
    private static boolean isFlushed(BackupRun run, Snapshot snapshot, SourceState source) throws SQLException {
        try (Connection connection = snapshot.dataSource().getConnection()) {
            if (source.awaitFlushed(connection, FLUSHED_SOON)) {
                return true;
            }
        }
        LOG.info("{}: no later backup can copy tables from this one, since its source can't be proved unchanged", run);
        return false;
    }

    private static Map<String, String> origins(Map<Long, Candidate> takenOver, Reuse.Earlier earlier) {
        Map<String, String> origins = new HashMap<>();
        takenOver.values().stream()
                .flatMap(candidate -> candidate.parts().stream())
                .map(part -> part.data().entry())
                .forEach(
                        entry -> origins.put(entry, earlier.reusable().from().getOrDefault(entry, earlier.backupId())));
        return origins;
    }
}
