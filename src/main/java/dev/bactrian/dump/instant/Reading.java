package dev.bactrian.dump.instant;

import dev.bactrian.postgres.Table;
import java.sql.SQLException;
import java.util.List;

/** Tables that one program reads, from before it is started. What was done to them meanwhile is a {@code BackupException}. */
public interface Reading {

    /** Tables that the program can read, by their saved names. */
    List<Table> inPlace();

    /** Tables that have other names now, and must be read otherwise. */
    List<Table> elsewhere();

    /** The program has locked its tables: what it reads of them is now as it will stay to its end. */
    void locked() throws SQLException;

    /** The program has read all of them. */
    void ended() throws SQLException;

    /** Another reading shows a table otherwise: fails. */
    default void refuseUndone(Table table) {
        throw ConcurrentChange.undone(table);
    }

    /** The program has failed: throws the change that may be why, where there is one. */
    void explain(Throwable failure);
}
