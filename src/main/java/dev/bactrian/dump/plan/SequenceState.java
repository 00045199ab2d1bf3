package dev.bactrian.dump.plan;

import dev.bactrian.selection.Relation;
import java.math.BigInteger;

/**
 * Where a sequence stands.
 *
 * @param name what it is called now
 * @param file pg_class.relfilenode of the file that says so
 * @param last its {@code last_value}
 * @param called its {@code is_called}: whether that value has been given out
 */
public record SequenceState(Relation.Named name, long file, long last, boolean called) {

    /** This or the other one, whichever gives out the further value next, so that neither's values come again. */
    public SequenceState further(SequenceState other, long increment) {
        return isBehind(other, increment) ? other : this;
    }

    /** Whether it would give out values that the other one has given out already. */
    public boolean isBehind(SequenceState other, long increment) {
        int order = next(increment).compareTo(other.next(increment));
        return increment < 0 ? order > 0 : order < 0;
    }

    private BigInteger next(long increment) {
        return called ? BigInteger.valueOf(last).add(BigInteger.valueOf(increment)) : BigInteger.valueOf(last);
    }
}
