package dev.bactrian.acceptance;

import dev.bactrian.testing.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tables of many types with a past: rows updated in place and moved, deleted, outside of the table, columns dropped and added. */
final class RandomTables {

    /** What a column is, and a value of it by a row's number {@code n}. */
    private static final List<String[]> COLUMNS = List.of(
            new String[] {"int", "n"},
            new String[] {"bigint", "-n::bigint * 4000000000"},
            new String[] {"text", "repeat(md5(n::text), 1 + n % 5)"},
            new String[] {"text", "E'a\\tb\\\\c\\nd\\r\\b\\f\\v ' || n"},
            new String[] {"text", "CASE WHEN n % 4 = 0 THEN '\\N' WHEN n % 4 = 1 THEN '' WHEN n % 4 = 2 THEN '\\.' END"
            },
            new String[] {"text", "'Gr\u00fc\u00dfe \u732b \ud83d\udc2b ' || n"},
            new String[] {"float8", "1 / (n + 0.3)"},
            new String[] {"float4", "CASE WHEN n % 9 = 0 THEN 'NaN' ELSE (n / 7.0)::float4 END"},
            new String[] {"numeric", "n / 13.0"},
            new String[] {"numeric(12, 3)", "n / 3.0"},
            new String[] {"boolean", "n % 2 = 0"},
            new String[] {"timestamptz", "timestamptz '2026-03-29 00:30:00+00' + n * interval '17 min'"},
            new String[] {"timestamp", "timestamp '1999-12-31 23:59:59.123456' - n * interval '1 day'"},
            new String[] {"date", "CASE WHEN n % 50 = 0 THEN 'infinity' ELSE date '2020-01-31' + n END"},
            new String[] {"interval", "n * interval '1 month 2 days 03:04:05.678'"},
            new String[] {"time", "time '00:00' + n * interval '7 s'"},
            new String[] {"bytea", "decode(md5(n::text), 'hex')"},
            new String[] {"uuid", "md5(n::text)::uuid"},
            new String[] {"jsonb", "jsonb_build_object('n', n, 'list', ARRAY[n, NULL], 'text', E'\\\\ \" \\n')"},
            new String[] {"json", "json_build_object('n', n, 'x', 'y')"},
            new String[] {"text[]", "ARRAY['a,b', NULL, 'NULL', '\"q\"', n::text]"},
            new String[] {"int[]", "'[0:1]={1,2}'::int[]"},
            new String[] {"money", "(n / 100.0)::numeric::money"},
            new String[] {"inet", "'10.0.0.0/8'::inet + n"},
            new String[] {"int4range", "int4range(n, n + 5)"},
            new String[] {"point", "point(n, n / 3.0)"},
            new String[] {"regclass", "'pg_class'::regclass"},
            new String[] {"regtype", "'timestamptz'::regtype"},
            new String[] {"xml", "xmlelement(name x, n)"},
            new String[] {"tsvector", "to_tsvector('simple', 'a b ' || n)"},
            new String[] {"bit(5)", "(n % 32)::bit(5)"},
            new String[] {"char(7)", "n::text"},
            new String[] {"\"char\"", "'x'"},
            new String[] {"name", "'name' || n"});

    private final Random random;
    private final List<String> statements = new ArrayList<>();

    private RandomTables(Random random) {
        this.random = random;
    }

    /** The same ones in each database. */
    static TestDatabase in(TestDatabase database, int count) {
        RandomTables tables = new RandomTables(new Random(54));
        for (int number = 1; number <= count; number++) {
            tables.add("public.\"T " + number + "\"");
        }
        return database.run(tables.statements.toArray(String[]::new));
    }

    private void add(String table) {
        List<String[]> columns = new ArrayList<>();
        for (int i = 3 + random.nextInt(12); i > 0; i--) {
            columns.add(COLUMNS.get(random.nextInt(COLUMNS.size())));
        }
        StringBuilder definition = new StringBuilder("n int");
        StringBuilder values = new StringBuilder("n");
        for (int i = 0; i < columns.size(); i++) {
            definition.append(", \"c ").append(i).append("\" ").append(columns.get(i)[0]);
            values.append(", ")
                    .append(
                            random.nextInt(4) == 0
                                    ? "CASE WHEN n % 3 > 0 THEN " + columns.get(i)[1] + " END"
                                    : columns.get(i)[1]);
        }
        statements.add("CREATE TABLE " + table + " (" + definition + ") WITH (fillfactor = " + (40 + random.nextInt(61))
                + ", autovacuum_enabled = " + random.nextBoolean() + ")");
        int rows = 2000 + random.nextInt(6000);
        statements.add("INSERT INTO " + table + " SELECT " + values + " FROM generate_series(1, " + rows + ") n");
        for (int i = random.nextInt(9); i > 0; i--) {
            statements.add(change(table, columns.size()));
        }
    }

    private String change(String table, int columns) {
        int one = 2 + random.nextInt(9);
        String some = " WHERE n % " + one + " = " + random.nextInt(one);
        return switch (random.nextInt(9)) {
            case 0 -> "DELETE FROM " + table + some;
            case 1 -> "ALTER TABLE " + table + " DROP COLUMN IF EXISTS \"c " + random.nextInt(columns) + "\"";
            case 2 -> "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS added text DEFAULT 'as of " + one + "'";
            case 3 -> "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS made int GENERATED ALWAYS AS (n * 3) STORED";
            case 4 -> "VACUUM " + table;
            case 5 ->
                "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS long text; UPDATE " + table
                        + " SET long = (SELECT string_agg(md5((n * i)::text), '') FROM generate_series(1, 200) i) WHERE n % "
                        + (100 * one) + " = 0";
            default -> "UPDATE " + table + " SET n = n" + some;
        };
    }
}
