package dev.bactrian.dump;

import dev.bactrian.dump.instant.Place;
import dev.bactrian.dump.plan.BlockRange;
import dev.bactrian.postgres.CopySession;
import dev.bactrian.postgres.SessionSettings;
import dev.bactrian.postgres.Table;
import dev.bactrian.postgres.TablesAlone;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.selection.Relation;
import java.util.stream.Collectors;

/**
 * A script by which psql prints rows as pg_dump prints a table: a COPY statement, the rows, and {@code \.} once the server has
 * said that these were all. psql must be told to stop at the first error.
 *
 * <p>Names in it are quoted, or the server quotes them: psql looks for neither variables nor commands in what is quoted, and
 * takes the value of a variable in {@code \echo} as it is (PostgreSQL manual, psql, "SQL Interpolation"; psqlscan.l and
 * psqlscanslash.l).
 */
final class CopyScript {

    private static final String COLUMNS =
            "SELECT COALESCE(pg_catalog.string_agg('\"' || pg_catalog.replace(attname, '\"', '\"\"') || '\"', ', '"
                    + " ORDER BY attnum), '') FROM pg_catalog.pg_attribute"
                    + " WHERE attrelid = %d::pg_catalog.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''";

    /**
     * All ranges must be read of one file, the one that the snapshot knows: where VACUUM FULL or CLUSTER made another, each
     * row is still there, but in another place, so that ranges of the old file and of the new one would have some rows twice
     * and others not at all. The row of pg_class is the snapshot's; the functions know the file of now, which the table's lock
     * keeps (PostgreSQL manual, "Database Object Management Functions").
     */
    private static final String SAME_FILE = "EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = %d::pg_catalog.oid"
            + " AND pg_catalog.to_regclass(%s)::pg_catalog.oid = c.oid"
            + " AND pg_catalog.pg_relation_filenode(c.oid) = c.relfilenode)";

    /** So that the range is read, and not the whole table with all rows but the range's passed over. */
    private static final String BY_RANGE = " \\; SET LOCAL enable_tidscan = on \\; SET LOCAL enable_seqscan = off"
            + " \\; SET LOCAL max_parallel_workers_per_gather = 0 \\; SET LOCAL jit = off";

    /**
     * A server looks for a client that is gone only when it has something to say to it. pg_dump has its query cancelled when
     * it is stopped, psql doesn't. Only on these systems may it be set.
     */
    private static final String NOTICE_A_STOP =
            "SELECT pg_catalog.set_config(name, '2s', false) FROM pg_catalog.pg_settings"
                    + " WHERE name = 'client_connection_check_interval' AND pg_catalog.version() ~ 'linux|apple|darwin|bsd'";

    private CopyScript() {}

    /**
     * Writes the script. Servers far away are asked three times: what can be is in one message ({@code \;}).
     *
     * @param snapshot as {@code pg_dump --snapshot} takes it
     * @param encoding of the text, as the client has it
     */
    static String of(RowSource source, String snapshot, String encoding) {
        BlockRange range = source.range();
        String locked = source.names().stream().map(name -> "ONLY " + name).collect(Collectors.joining(", "));
        return "\\encoding " + encoding + "\n"
                + "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY \\; SET TRANSACTION SNAPSHOT "
                + Relation.literal(snapshot) + " \\; " + joined(SessionSettings.ofSession()) + " \\; "
                + TablesAlone.FOR_GOOD + " \\; " + NOTICE_A_STOP
                + " \\; SET lock_timeout = :'lock_timeout' \\; " + joined(CopySession.STATEMENTS)
                + " \\; LOCK TABLE " + locked + " IN ACCESS SHARE MODE" + (range == null ? "" : BY_RANGE)
                + " \\g /dev/null\n"
                + facts(source)
                + (range == null ? rows(source) : "\\if :same_file\n" + rows(source) + "\\endif\n");
    }

    private static String joined(String statements) {
        return statements.replace("; ", " \\; ");
    }

    /** Asks for the columns as they are saved and as they are called now, and for the line before the rows. */
    private static String facts(RowSource source) {
        Place place = source.place();
        Table table = source.table();
        String columns = "(" + COLUMNS.formatted(table.oid()) + ")";
        String saved = place == null ? columns : Relation.literal(Relation.quoted(place.savedColumns()));
        String now = place == null ? columns : Relation.literal(Relation.quoted(place.columns()));
        String sameFile = source.range() == null
                ? "true"
                : SAME_FILE.formatted(
                        table.oid(), Relation.literal(source.names().get(0)));
        return "SELECT c.now AS columns, CASE c.now WHEN '' THEN '' ELSE '(' || c.now || ')' END AS list, "
                + Relation.literal("COPY " + table.quoted() + " ")
                + " || CASE c.saved WHEN '' THEN '' ELSE '(' || c.saved || ')' END || ' FROM stdin;' AS header, "
                + sameFile + " AS same_file FROM (SELECT " + now + " AS now, " + saved + " AS saved) c \\gset\n";
    }

    private static String rows(RowSource source) {
        BlockRange range = source.range();
        String copies = source.names().stream()
                .map(name -> range == null
                        ? "COPY " + name + " :list TO STDOUT;\n"
                        // TO (SELECT …) prints each value as TO (table) does: by its type's output function.
                        : "COPY (SELECT :columns FROM ONLY " + name + " WHERE " + range.condition() + ") TO STDOUT;\n")
                .collect(Collectors.joining());
        return "\\echo :header\n" + copies + "\\echo '\\\\.'\n";
    }

    /** What to say of a table whose range such a script didn't print though it ended well. */
    static ProblemException otherFile(Table table) {
        return ProblemException.stopped(
                "Table " + table.quoted()
                        + " got a new file after the backup's snapshot was taken (VACUUM FULL, CLUSTER or "
                        + "SET TABLESPACE), so its parts would not fit together.",
                "Start the backup again when that is done, or set BACKUP_SPLIT_ABOVE=off.");
    }
}
