package dev.bactrian.restore.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.selection.Relation;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that came in without any check, and the foreign keys that they break. */
class ForeignKeysIT {

    private static final String ODD = "\"p \"\"x\"\" {d} ? %s 'ü'\"";

    private static final String[] TABLES = {
        "CREATE SCHEMA " + ODD,
        "CREATE TABLE " + ODD + "." + ODD + " (" + ODD + " bigint PRIMARY KEY)",
        "CREATE TABLE odd_child (id int, " + ODD + " int CONSTRAINT \"odd fk\" REFERENCES " + ODD + "." + ODD + ")",
        "CREATE TABLE pair (a int, b text COLLATE \"C\", PRIMARY KEY (b, a))",
        "CREATE TABLE simple_child (x int, y text, CONSTRAINT simple_fk FOREIGN KEY (x, y) REFERENCES pair (a, b))",
        "CREATE TABLE full_child (x int, y text COLLATE \"POSIX\","
                + " CONSTRAINT full_fk FOREIGN KEY (x, y) REFERENCES pair (a, b) MATCH FULL)",
        "CREATE TABLE tree (id int PRIMARY KEY, parent int CONSTRAINT tree_fk REFERENCES tree)",
        "CREATE TABLE parts (id int PRIMARY KEY, parent int CONSTRAINT parts_fk REFERENCES tree)"
                + " PARTITION BY RANGE (id)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE part_child (part int CONSTRAINT part_child_fk REFERENCES parts)",
        "CREATE TABLE heir () INHERITS (tree)",
        "CREATE TABLE late (parent int)",
        "ALTER TABLE late ADD CONSTRAINT late_fk FOREIGN KEY (parent) REFERENCES tree NOT VALID"
    };

    private static final String[] SOUND_ROWS = {
        "INSERT INTO " + ODD + "." + ODD + " VALUES (1)",
        "INSERT INTO odd_child VALUES (1, 1), (2, NULL)",
        "INSERT INTO pair VALUES (1, 'a')",
        "INSERT INTO simple_child VALUES (1, 'a'), (1, NULL), (NULL, 'nobody'), (NULL, NULL)",
        "INSERT INTO full_child VALUES (1, 'a'), (NULL, NULL)",
        "INSERT INTO tree VALUES (1, NULL), (2, 1)",
        "INSERT INTO parts VALUES (1, 1), (11, 2)",
        "INSERT INTO part_child VALUES (1), (11)",
        "INSERT INTO heir VALUES (77, 88)",
        "INSERT INTO late VALUES (1)"
    };

    private static final List<Relation.Named> ALL = Stream.of(
                    "odd_child",
                    "simple_child",
                    "full_child",
                    "tree",
                    "parts_1",
                    "parts_2",
                    "part_child",
                    "heir",
                    "late")
            .map(ForeignKeysIT::table)
            .toList();

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void rowsThatAreSoundPass(PostgresServer server) throws SQLException {
        assertThat(violations(sound(server), ALL)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void everyConstraintThatIsBrokenIsNamedWithItsRows(PostgresServer server) throws SQLException {
        TestDatabase database = unchecked(
                sound(server),
                "INSERT INTO odd_child VALUES (3, 9), (4, 9)",
                "INSERT INTO simple_child VALUES (1, 'b'), (2, 'a'), (2, NULL)",
                "INSERT INTO full_child VALUES (1, NULL), (NULL, 'a'), (1, 'b'), (NULL, NULL)",
                "INSERT INTO tree VALUES (3, 77)",
                "INSERT INTO parts VALUES (2, 99), (12, 99)",
                "INSERT INTO part_child VALUES (19), (NULL)",
                "INSERT INTO late VALUES (5)");

        List<ForeignKeys.Violation> violations = violations(database, ALL);

        assertThat(violations.stream().map(broken -> broken.constraint() + " " + broken.table() + " " + broken.rows()))
                .containsExactly(
                        "full_fk \"public\".\"full_child\" 3",
                        "late_fk \"public\".\"late\" 1",
                        "odd fk \"public\".\"odd_child\" 2",
                        "part_child_fk \"public\".\"part_child\" 1",
                        "parts_fk \"public\".\"parts\" 2",
                        "simple_fk \"public\".\"simple_child\" 2",
                        "tree_fk \"public\".\"tree\" 1");
        assertThat(violations)
                .allSatisfy(broken -> assertThat(lines(database, broken.sql())).hasSize((int) broken.rows()));
        assertThat(lines(database, violations.get(0).sql())).containsExactlyInAnyOrder("1 null", "null a", "1 b");
    }

    @ParameterizedTest
    @EnumSource(PostgresServer.class)
    void eitherSideOfAConstraintMayBeWhatWasLoaded(PostgresServer server) throws SQLException {
        TestDatabase database =
                unchecked(sound(server), "DELETE FROM tree WHERE id = 1", "DELETE FROM parts WHERE id = 11");

        assertThat(names(database, table("tree"))).containsExactly("late_fk", "parts_fk", "tree_fk");
        assertThat(names(database, table("late"))).containsExactly("late_fk");
        assertThat(names(database, table("parts_1"))).containsExactly("part_child_fk", "parts_fk");
        assertThat(names(database, table("parts"))).containsExactly("part_child_fk", "parts_fk");
        assertThat(names(database, table("pair"))).isEmpty();
        assertThat(names(database, table("no such table"))).isEmpty();
    }

    @Test
    void constraintsThatNobodyEnforcesAreLeftOut() throws SQLException {
        TestDatabase database = PostgresServer.V18
                .createDatabase()
                .run(
                        "CREATE TABLE p (id int PRIMARY KEY)",
                        "CREATE TABLE loose (p int REFERENCES p NOT ENFORCED)",
                        "INSERT INTO loose VALUES (9)");

        assertThat(violations(database, List.of(table("loose")))).isEmpty();
    }

    @Test
    void aPeriodIsCoveredByAllItsRowsTogether() throws SQLException {
        TestDatabase database = PostgresServer.V18
                .createDatabase()
                .run(
                        "CREATE EXTENSION btree_gist",
                        "CREATE TABLE times (id int, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS))",
                        "CREATE TABLE temporal (id int, during daterange,"
                                + " CONSTRAINT temporal_fk FOREIGN KEY (id, PERIOD during) REFERENCES times (id, PERIOD valid))",
                        "CREATE TABLE many (id int, valid datemultirange, PRIMARY KEY (id, valid WITHOUT OVERLAPS))",
                        "CREATE TABLE many_child (id int, valid datemultirange,"
                                + " CONSTRAINT many_fk FOREIGN KEY (id, PERIOD valid) REFERENCES many (id, PERIOD valid))",
                        "INSERT INTO times VALUES (1, '[2020-01-01,2021-01-01)'), (1, '[2021-01-01,2022-01-01)'),"
                                + " (1, '[2023-01-01,2024-01-01)'), (2, '[2000-01-01,2030-01-01)')",
                        "INSERT INTO temporal VALUES (1, '[2020-06-01,2021-06-01)'), (2, '[2020-06-01,2024-06-01)'),"
                                + " (NULL, '[1990-01-01,1991-01-01)'), (7, NULL)",
                        "INSERT INTO many VALUES (1, '{[2020-01-01,2021-01-01)}'), (1, '{[2022-01-01,2023-01-01)}')",
                        "INSERT INTO many_child VALUES (1, '{[2020-01-01,2020-02-01),[2022-01-01,2022-02-01)}')");
        assertThat(violations(database, List.of(table("temporal"), table("many"))))
                .isEmpty();

        unchecked(
                database,
                // A gap; beyond the end; no such key.
                "INSERT INTO temporal VALUES (1, '[2021-06-01,2023-06-01)'), (2, '[2029-01-01,2031-01-01)'),"
                        + " (9, '[2020-01-01,2021-01-01)')",
                "DELETE FROM many WHERE valid && '{[2022-01-01,2022-01-02)}'");

        List<ForeignKeys.Violation> broken = violations(database, List.of(table("times"), table("many")));
        assertThat(broken.stream().map(one -> one.constraint() + " " + one.rows()))
                .containsExactly("many_fk 1", "temporal_fk 3");
        assertThat(lines(database, broken.get(1).sql()))
                .containsExactlyInAnyOrder(
                        "1 [2021-06-01,2023-06-01)", "2 [2029-01-01,2031-01-01)", "9 [2020-01-01,2021-01-01)");
    }

    /** A row that a policy hides would pass for one that isn't there. */
    @Test
    void hiddenRowsAreAnErrorAndNoProof() throws SQLException {
        TestDatabase database = sound(PostgresServer.V17)
                .run(
                        "ALTER TABLE late ENABLE ROW LEVEL SECURITY",
                        "DROP ROLE IF EXISTS fk_reader",
                        "CREATE ROLE fk_reader LOGIN PASSWORD 'x'",
                        "GRANT pg_read_all_data TO fk_reader");
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + database.name(), "fk_reader", "x")) {
            assertThatThrownBy(() -> ForeignKeys.violations(connection, List.of(table("late"))))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("row-level security");
        } finally {
            database.run("DROP ROLE fk_reader");
        }
    }

    private static Relation.Named table(String name) {
        return new Relation.Named("public", name);
    }

    private static TestDatabase sound(PostgresServer server) {
        return server.createDatabase().run(TABLES).run(SOUND_ROWS);
    }

    private static TestDatabase unchecked(TestDatabase database, String... statements) {
        return database.run(Stream.concat(Stream.of("SET session_replication_role = replica"), Stream.of(statements))
                .toArray(String[]::new));
    }

    private static List<String> names(TestDatabase database, Relation.Named loaded) throws SQLException {
        return violations(database, List.of(loaded)).stream()
                .map(ForeignKeys.Violation::constraint)
                .toList();
    }

    private static List<ForeignKeys.Violation> violations(TestDatabase database, List<Relation.Named> loaded)
            throws SQLException {
        try (Connection connection = database.connect()) {
            return ForeignKeys.violations(connection, loaded);
        }
    }

    private static List<String> lines(TestDatabase database, String sql) {
        return database.jdbc().query(sql, (row, number) -> {
            StringBuilder line = new StringBuilder(String.valueOf(row.getString(1)));
            for (int i = 2; i <= row.getMetaData().getColumnCount(); i++) {
                line.append(' ').append(row.getString(i));
            }
            return line.toString();
        });
    }
}
