package dev.bactrian.dump.reuse;

import dev.bactrian.archive.Reusable;
import dev.bactrian.postgres.Table;
import dev.bactrian.unchanged.SourceState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one backup knows of the tables that an earlier archive has. Workers prove them. */
public final class Reuse {

    private final Earlier earlier;
    private final Map<Long, Candidate> candidates;
    private final boolean full;
    private final Map<Long, Candidate> proved = new ConcurrentHashMap<>();
    private volatile @Nullable String refuted;

    /**
     * The archive that tables may be taken over from.
     *
     * @param key of it
     * @param backupId of the backup that made it
     * @param size bytes of it
     * @param source what its manifest says of the server
     */
    record Earlier(String key, String backupId, long size, SourceState source, Reusable reusable) {}

    /** A part of the candidates, for one worker. */
    public record Portion(List<Candidate> candidates) {

        List<Table> tables() {
            return candidates.stream().map(Candidate::table).toList();
        }
    }

    /**
     * Before anything is proved.
     *
     * @param full whether all tables are read all the same, to compare
     */
    Reuse(Earlier earlier, Map<Long, Candidate> candidates, boolean full) {
        this.earlier = earlier;
        this.candidates = Map.copyOf(candidates);
        this.full = full;
    }

    Earlier earlier() {
        return earlier;
    }

    /** Whether all tables are read all the same, to compare them with what is proved. */
    public boolean isFull() {
        return full;
    }

    /** As many as there are workers, each with an equal share of the bytes. */
    List<Portion> portions(int workers) {
        PriorityQueue<Share> shares = new PriorityQueue<>(Comparator.comparingLong(Share::bytes));
        for (int i = 0; i < Math.max(1, workers); i++) {
            shares.add(new Share());
        }
        candidates.values().stream()
                .sorted(Comparator.comparingLong(
                                (Candidate candidate) -> candidate.table().size())
                        .reversed())
                .forEach(candidate -> {
                    Share least = shares.remove();
                    least.add(candidate);
                    shares.add(least);
                });
        return shares.stream()
                .filter(share -> !share.candidates.isEmpty())
                .map(share -> new Portion(share.candidates))
                .toList();
    }

    private static final class Share {
        private final List<Candidate> candidates = new ArrayList<>();
        private long bytes;

        long bytes() {
            return bytes;
        }

        void add(Candidate candidate) {
            candidates.add(candidate);
            bytes += candidate.table().size();
        }
    }

    /** Its rows are those of the earlier archive. */
    void proved(Candidate candidate) {
        proved.put(candidate.table().oid(), candidate);
    }

    /** By their oids. */
    Map<Long, Candidate> proved() {
        return new TreeMap<>(proved);
    }

    /** Those that aren't read: none where all are read to compare. */
    Map<Long, Candidate> takenOver() {
        return full ? Map.of() : proved();
    }

    /** How many tables could be unchanged by their definitions, and how many are. */
    public String getSummary() {
        return proved.size() + " of " + candidates.size() + " tables that may be unchanged are, since " + earlier.key();
    }

    /** The proof was wrong for this table. */
    void refute(Table table) {
        refuted = table.quoted();
    }

    @Nullable
    String refuted() {
        return refuted;
    }
}
