package dev.bactrian.restore;

import java.sql.Connection;
import java.sql.SQLException;

/** How many connections to a target are used at once. */
@FunctionalInterface
public interface Sessions {

    /** Decides by the first one. */
    int seenBy(Connection first) throws SQLException;
}
