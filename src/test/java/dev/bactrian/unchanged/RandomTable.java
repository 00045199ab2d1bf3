package dev.bactrian.unchanged;

import java.util.List;
import java.util.Random;

/**
 * A table with types of its own, to which things happen at random: {@link #something} is a list of statements, each a transaction
 * of its own unless it has another within it. What they do follows from the random numbers alone.
 */
final class RandomTable {

    private static final int MOST_ROWS = 6;
    private static final int LONG = 400;
    private static final String ROW =
            "(%d, md5('%d'), '%s', jsonb_populate_record(NULL::%s.c, '{\"x\": %d, \"y\": \"y\"}'), 'd%d',"
                    + " '2026-01-01'::timestamp + '%d s', 'x%d', %d)";

    private final Random random;
    private final String schema;
    private final int number;
    private String name = "t";
    private String column = "v";
    private String label = "a";
    private String type = "timestamp";
    private int columns;
    private int labels;

    RandomTable(int number, Random random) {
        this.number = number;
        this.random = random;
        this.schema = "h" + number;
    }

    private String table() {
        return schema + "." + name;
    }

    private int any(int bound) {
        return random.nextInt(bound);
    }

    List<String> made() {
        return List.of(
                "CREATE SCHEMA " + schema,
                "CREATE TYPE " + schema + ".e AS ENUM ('a', 'b', 'c')",
                "CREATE TYPE " + schema + ".c AS (x int, y text)",
                "CREATE DOMAIN " + schema + ".d AS text",
                "CREATE TABLE " + table() + " (id int, v text, m " + schema + ".e, k " + schema + ".c, n " + schema
                        + ".d, ts timestamp, x varchar(100), b int, g int GENERATED ALWAYS AS (id * 2) STORED)",
                inserted(any(MOST_ROWS)));
    }

    private String row() {
        return ROW.formatted(any(1000), any(1000), label, schema, any(10), any(10), any(1000), any(10), any(10));
    }

    private String inserted(int rows) {
        return "INSERT INTO " + table() + " (id, " + column + ", m, k, n, ts, x, b) VALUES " + row()
                + (", " + row()).repeat(Math.max(0, rows - 1));
    }

    private String updated() {
        return "UPDATE " + table() + " SET " + column + " = repeat(md5('" + any(1000) + "'), "
                + (any(4) == 0 ? LONG : 1) + ")" + oneRow();
    }

    private String deleted() {
        return "DELETE FROM " + table() + oneRow();
    }

    private String oneRow() {
        return any(3) == 0
                ? ""
                : " WHERE ctid = (SELECT ctid FROM " + table() + " ORDER BY id OFFSET " + any(3) + " LIMIT 1)";
    }

    /** Statements of one transaction that change rows. */
    String rowsChanged() {
        return switch (any(7)) {
            case 0 -> inserted(1 + any(3));
            case 1, 2 -> updated();
            case 3 -> deleted();
            case 4 -> deleted() + "; " + inserted(1);
            case 5 -> "SAVEPOINT s; " + updated() + "; ROLLBACK TO s; " + inserted(1);
            default -> "SAVEPOINT s; " + deleted() + "; RELEASE s; SAVEPOINT s; " + inserted(1) + "; RELEASE s";
        };
    }

    private String ending() {
        return any(3) == 0 ? "; ROLLBACK" : "; COMMIT";
    }

    /** What happens to it: nothing, often something harmless, or anything else. */
    List<String> something() {
        return switch (any(10)) {
            case 0, 1, 2 -> List.of();
            case 3, 4, 5 -> List.of("BEGIN; " + rowsChanged() + ending());
            case 6, 7 -> harmless();
            default -> definition();
        };
    }

    private List<String> harmless() {
        String table = table();
        return switch (any(12)) {
            case 0 -> List.of("VACUUM " + table);
            case 1 -> List.of("VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) " + table);
            case 2 -> List.of("ANALYZE " + table);
            case 3 -> List.of("BEGIN; SELECT FROM " + table + " FOR UPDATE" + ending());
            case 4 ->
                List.of("BEGIN; SELECT FROM " + table + " FOR SHARE; SAVEPOINT s; " + deleted()
                        + "; ROLLBACK TO s; COMMIT");
            case 5 -> List.of("BEGIN; " + rowsChanged() + "; ROLLBACK");
            case 6 -> List.of("BEGIN; TRUNCATE " + table + "; " + inserted(2) + "; ROLLBACK");
            case 7 -> List.of("BEGIN; ALTER TABLE " + table + " ADD later int DEFAULT 5; ROLLBACK");
            case 8 -> List.of("CREATE INDEX ON " + table + " (id)", "REINDEX TABLE " + table);
            case 9 -> List.of("VACUUM FULL " + table);
            case 10 -> List.of("GRANT SELECT ON " + table + " TO PUBLIC");
            default -> List.of("BEGIN; ALTER TYPE " + schema + ".e RENAME VALUE '" + label + "' TO 'r'; ROLLBACK");
        };
    }

    private List<String> definition() {
        String table = table();
        return switch (any(19)) {
            case 0 -> List.of("BEGIN; TRUNCATE " + table + ending());
            case 1 -> List.of("BEGIN; TRUNCATE " + table + "; " + inserted(1 + any(4)) + ending());
            case 2 -> List.of(frozen());
            case 3 -> renamedLabel();
            case 4 -> List.of("ALTER TYPE " + schema + ".e ADD VALUE 'l" + ++labels + "'");
            case 5 -> List.of("ALTER TYPE " + schema + ".c ADD ATTRIBUTE a" + ++columns + " int");
            case 6 -> List.of("ALTER TYPE " + schema + ".c DROP ATTRIBUTE IF EXISTS a" + columns);
            case 7 -> zone();
            case 8 -> List.of("ALTER TABLE " + table + " ADD a" + ++columns + " int DEFAULT " + any(3));
            case 9 -> List.of("ALTER TABLE " + table + " DROP COLUMN IF EXISTS a" + columns);
            case 10 ->
                List.of(
                        "ALTER TABLE " + table + " DROP COLUMN IF EXISTS a" + columns,
                        "ALTER TABLE " + table + " ADD a" + columns + " int DEFAULT " + any(3));
            case 11 -> renamedColumn();
            case 12 -> renamed();
            case 13 ->
                List.of("ALTER TABLE " + table + " RENAME TO u", "ALTER TABLE " + schema + ".u RENAME TO " + name);
            // After a crash, what isn't logged has no rows.
            case 14 ->
                any(2) == 0
                        ? List.of("ALTER TABLE " + table + " SET UNLOGGED")
                        : List.of("ALTER TABLE " + table + " SET UNLOGGED", "ALTER TABLE " + table + " SET LOGGED");
            case 15 -> List.of("ALTER TABLE " + table + " ALTER x TYPE " + (any(2) == 0 ? "text" : "varchar(200)"));
            case 16 ->
                List.of("ALTER TABLE " + table + " ALTER id TYPE " + (any(2) == 0 ? "bigint" : "int") + " USING id + "
                        + any(2));
            case 17 ->
                List.of(
                        "CREATE INDEX i" + ++columns + " ON " + table + " (id)",
                        "CLUSTER " + table + " USING i" + columns);
            default -> recreated();
        };
    }

    /** Other rows, visible to every snapshot; now and then as many as there were. */
    private String frozen() {
        return "BEGIN; TRUNCATE " + table() + "; COPY " + table() + " (id) FROM PROGRAM 'seq " + (1 + any(4))
                + "' (FREEZE); COMMIT";
    }

    private List<String> renamedLabel() {
        String old = label;
        label = "r" + ++labels;
        return List.of("ALTER TYPE " + schema + ".e RENAME VALUE '" + old + "' TO '" + label + "'");
    }

    private List<String> zone() {
        type = type.equals("timestamp") ? "timestamptz" : "timestamp";
        return List.of("SET TimeZone = 'UTC'; ALTER TABLE " + table() + " ALTER ts TYPE " + type);
    }

    private List<String> renamedColumn() {
        String old = column;
        column = old.equals("v") ? "w" : "v";
        return List.of("ALTER TABLE " + table() + " RENAME " + old + " TO " + column);
    }

    private List<String> renamed() {
        String old = table();
        name = name.equals("t") ? "tt" : "t";
        return List.of("ALTER TABLE " + old + " RENAME TO " + name);
    }

    private List<String> recreated() {
        return List.of(
                "CREATE TABLE " + schema + ".z (LIKE " + table() + " INCLUDING ALL)",
                "INSERT INTO " + schema + ".z (id, x) SELECT id, x FROM " + table(),
                "DROP TABLE " + table(),
                "ALTER TABLE " + schema + ".z RENAME TO " + name);
    }

    /** A name that no other has, for what must have one. */
    String unique() {
        return "p" + number;
    }
}
