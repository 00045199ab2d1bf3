package dev.bactrian.restore.target;

import dev.bactrian.selection.Relation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Sets sequences, also those that others take numbers from at the same time. One that was there only goes forward, in the
 * direction of its increment. {@code nextval} and {@code setval} don't lock each other out (sequence.c: both take ROW
 * EXCLUSIVE), so reading and setting could lose the numbers that were taken in between: the last steps are made by {@code
 * nextval} itself, and only a sequence that is further away than others can get in that moment is set. No lock is waited
 * for: that of ALTER SEQUENCE would wait for the oldest transaction that took a number, and everybody's inserts for it.
 */
public final class SequenceSetter {

    /** Numbers that are taken one by one; some tenths of a second. */
    private static final int MOST_STEPS = 100_000;

    private static final int TRIES = 10;

    private final Statement statement;

    public SequenceSetter(Statement statement) {
        this.statement = statement;
    }

    /**
     * Where a sequence stands.
     *
     * @param last {@code last_value}
     * @param called whether that one was given out already ({@code is_called})
     */
    public record Position(long last, boolean called) {

        BigInteger next(long increment) {
            BigInteger value = BigInteger.valueOf(last);
            return called ? value.add(BigInteger.valueOf(increment)) : value;
        }
    }

    /** What became of a sequence that was there. */
    public enum Outcome {
        /** It stands where it should, or further. */
        FORWARD,
        /** It begins again when it has come to its end, and is in use: no place of it is further than another. */
        CYCLES
    }

    /** A sequence that this restore made, so that it stands at its start. */
    public void set(Relation.Named sequence, Position to) throws SQLException {
        statement.execute("SELECT " + setval(sequence, to));
    }

    /** The statement that sets it, for messages. */
    public static String setval(Relation.Named sequence, Position to) {
        return "pg_catalog.setval(" + Relation.literal(sequence.quoted()) + ", " + to.last() + ", " + to.called() + ")";
    }

    /**
     * A sequence that was there: leaves it where it stands, or moves it forward.
     *
     * @throws SQLException also when the place is outside of its bounds; then it stays where it is
     */
    public Outcome advance(Relation.Named sequence, Position to) throws SQLException {
        for (int tries = 0; tries < TRIES; tries++) {
            Now now = read(sequence);
            BigInteger steps = now.stepsTo(to);
            if (now.cycles) {
                if (now.inUse) {
                    return Outcome.CYCLES;
                }
                set(sequence, to);
                return Outcome.FORWARD;
            }
            if (steps.signum() <= 0) {
                return Outcome.FORWARD;
            }
            if (!now.takes(to)) {
                // The server says why not, and changes nothing.
                set(sequence, to);
            }
            if (steps.compareTo(now.mostSteps()) <= 0) {
                statement.execute("SELECT pg_catalog.count(pg_catalog.nextval(" + Relation.literal(sequence.quoted())
                        + ")) FROM pg_catalog.generate_series(1, " + steps + ")");
                return Outcome.FORWARD;
            }
            if (setFromAfar(sequence, to, now)) {
                return Outcome.FORWARD;
            }
        }
        throw new SQLException("Other sessions use its numbers too fast.", "55P03");
    }

    /** Reads and sets in one statement; false when it came near meanwhile. */
    private boolean setFromAfar(Relation.Named sequence, Position to, Now now) throws SQLException {
        try (ResultSet set = statement.executeQuery("SELECT " + setval(sequence, to) + " FROM " + sequence.quoted()
                + " WHERE (" + to.last() + "::numeric - last_value) / " + now.increment + " > " + now.mostSteps()
                + "::numeric / 2")) {
            return set.next();
        }
    }

    private Now read(Relation.Named sequence) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT q.last_value, q.is_called, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,"
                        + " q.is_called OR q.last_value <> s.seqstart FROM " + sequence.quoted()
                        + " q, pg_catalog.pg_sequence s WHERE s.seqrelid = " + Relation.literal(sequence.quoted())
                        + "::pg_catalog.regclass")) {
            if (!row.next()) {
                throw new SQLException("It isn't a sequence.", "42809");
            }
            return new Now(
                    new Position(row.getLong(1), row.getBoolean(2)),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getBoolean(7),
                    row.getBoolean(8));
        }
    }

    /** A sequence as it is on the target. */
    private record Now(
            Position position, long increment, long least, long greatest, long cache, boolean cycles, boolean inUse) {

        /** How often it has to give a number until it stands there; zero or less when it is there, or further. */
        BigInteger stepsTo(Position to) {
            BigInteger distance = to.next(increment).subtract(position.next(increment));
            return new BigDecimal(distance)
                    .divide(BigDecimal.valueOf(increment), 0, RoundingMode.CEILING)
                    .toBigInteger();
        }

        boolean takes(Position to) {
            return to.last() >= least && to.last() <= greatest;
        }

        /** A session that caches numbers takes that many at once. */
        BigInteger mostSteps() {
            return BigInteger.valueOf(MOST_STEPS).multiply(BigInteger.valueOf(Math.min(cache, MOST_STEPS / 1_000)));
        }
    }
}
