package dev.bactrian.restore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps the target's own event triggers from firing in a transaction, those that this role owns: a superuser owns all. They
 * are disabled and put back in it, so that no other session sees that; commands about event triggers fire none.
 */
final class EventTriggersOff {

    private static final String OWN =
            " FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' AND pg_catalog.pg_has_role(evtowner, 'USAGE')";

    private static final String DISABLE = "SELECT pg_catalog.format('ALTER EVENT TRIGGER %I DISABLE', evtname)" + OWN;

    private static final String AS_IT_WAS = "SELECT pg_catalog.format('ALTER EVENT TRIGGER %I %s', evtname,"
            + " CASE evtenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END)" + OWN;

    /** Two transactions that change the same one at once fail. */
    private static final String ONE_AT_A_TIME =
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('bactrian event triggers', 0))";

    private final Connection connection;
    private final List<String> putBack;

    private EventTriggersOff(Connection connection, List<String> putBack) {
        this.connection = connection;
        this.putBack = putBack;
    }

    /** From here to {@link #putBack} none of them fires; a rollback puts them back, too. */
    static EventTriggersOff in(Connection transaction) throws SQLException {
        if (transaction.getAutoCommit()) {
            throw new IllegalArgumentException("without a transaction, other sessions would see that they are off");
        }
        if (Target.texts(transaction, DISABLE).isEmpty()) {
            return new EventTriggersOff(transaction, List.of());
        }
        Target.execute(transaction, ONE_AT_A_TIME);
        EventTriggersOff off = new EventTriggersOff(transaction, Target.texts(transaction, AS_IT_WAS));
        Target.execute(transaction, Target.texts(transaction, DISABLE));
        return off;
    }

    /** Whether there are none that could be kept from firing. */
    boolean isEmpty() {
        return putBack.isEmpty();
    }

    /** Each as it was. */
    void putBack() throws SQLException {
        Target.execute(connection, putBack);
    }
}
