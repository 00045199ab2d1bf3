package dev.bactrian.unchanged;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares the source of a backup with that of an earlier one. */
public final class Unchanged {

    private Unchanged() {}

    /**
     * Finds out which tables may have the rows of the earlier backup.
     *
     * @param earlier of a manifest; it may say anything
     * @param now read in this backup's snapshot
     * @param inSnapshot in a transaction that sees that snapshot; it is as it was afterwards
     * @throws SQLException when the connection is lost
     */
    public static Judgement judge(SourceState earlier, SourceState now, Connection inSnapshot) throws SQLException {
        String gap = earlier.gap();
        if (gap != null) {
            return Judgement.ofAll("nothing can be proved by the earlier backup: " + gap);
        }
        String missing = now.gap();
        if (missing != null) {
            return Judgement.ofAll("nothing can be proved of this server: " + missing);
        }
        String difference = now.server().differenceFrom(earlier.server());
        if (difference != null) {
            return Judgement.ofAll(difference);
        }
        if (!Xids.areComparable(earlier.xmin(), now.xmax()) || now.xmin() < earlier.xmin()) {
            return Judgement.ofAll("the server has made too many transactions since, or fewer than before");
        }
        return knowsWitnesses(earlier, inSnapshot)
                ? tables(earlier, now)
                : Judgement.ofAll(
                        "the server doesn't know the earlier backup's transactions any more: it was set back, it is a copy, or it was long ago");
    }

    private static boolean knowsWitnesses(SourceState earlier, Connection inSnapshot) throws SQLException {
        try {
            return earlier.witnesses().areKnownTo(inSnapshot);
        } catch (SQLException e) {
            if (!inSnapshot.isValid(0)) {
                throw e;
            }
            return false;
        }
    }

    private static Judgement tables(SourceState earlier, SourceState now) {
        Set<Long> candidates = new HashSet<>();
        Map<Long, String> others = new HashMap<>(now.never());
        now.identities().forEach((oid, identity) -> {
            if (identity.equals(earlier.identities().get(oid))) {
                candidates.add(oid);
            } else {
                others.put(
                        oid,
                        earlier.identities().containsKey(oid) || earlier.never().containsKey(oid)
                                ? "its definition, or that of a type of its columns, was changed"
                                : "the earlier backup doesn't have it");
            }
        });
        return new Judgement(candidates, others, null);
    }
}
