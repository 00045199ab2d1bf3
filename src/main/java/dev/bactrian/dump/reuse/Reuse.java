package dev.bactrian.dump.reuse;

import dev.bactrian.archive.Reusable;
import dev.bactrian.postgres.Table;
import dev.bactrian.unchanged.SourceState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one backup knows of the tables that an earlier archive has. Workers prove them. */
public final class Reuse {

    private static final int MOST_TABLES = 500;
    private static final long MOST_BYTES = 256L << 20;

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

    /** Largest first, and so few in one that no lock is held for long, nor too many at once. */
    List<Portion> portions() {
        List<Portion> portions = new ArrayList<>();
        List<Candidate> portion = new ArrayList<>();
        long bytes = 0;
        for (Candidate candidate : bySize()) {
            if (!portion.isEmpty()
                    && (portion.size() == MOST_TABLES
                            || bytes + candidate.table().size() > MOST_BYTES)) {
                portions.add(new Portion(List.copyOf(portion)));
                portion.clear();
                bytes = 0;
            }
            portion.add(candidate);
            bytes += candidate.table().size();
        }
        if (!portion.isEmpty()) {
            portions.add(new Portion(List.copyOf(portion)));
        }
        return portions;
    }

    private List<Candidate> bySize() {
        return candidates.values().stream()
                .sorted(Comparator.comparingLong(
                                (Candidate candidate) -> candidate.table().size())
                        .reversed())
                .toList();
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
