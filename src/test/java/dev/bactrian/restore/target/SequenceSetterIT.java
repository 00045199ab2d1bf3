package dev.bactrian.restore.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.restore.Target;
import dev.bactrian.restore.target.SequenceSetter.Outcome;
import dev.bactrian.restore.target.SequenceSetter.Position;
import dev.bactrian.selection.Relation;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.servers.Traffic;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Sequences are moved forward under the hands of sessions that take numbers from them all the time. */
class SequenceSetterIT {

    private static final Relation.Named SEQUENCE = new Relation.Named("app", "odd \"name'");
    private static final String NAME = "app.\"odd \"\"name'\"";
    private static final String LITERAL = "'app.\"odd \"\"name''\"'";

    private static TestDatabase database(String options) {
        return PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE SCHEMA app",
                        "CREATE SEQUENCE " + NAME + " " + options,
                        "CREATE TABLE app.taken (number bigint)");
    }

    private static long last(Statement statement) throws SQLException {
        return Long.parseLong(Target.text(statement.getConnection(), "SELECT last_value FROM " + NAME));
    }

    private static void assertNoneTwice(TestDatabase database, int rounds, long step, long sign) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            long reached = 0;
            try (Traffic traffic = Traffic.on(
                    database, 3, "INSERT INTO app.taken SELECT nextval(" + LITERAL + ") FROM generate_series(1, 5)")) {
                for (int i = 0; i < rounds; i++) {
                    traffic.awaitRounds(1);
                    reached = last(statement) + sign * step;
                    assertThat(new SequenceSetter(statement).advance(SEQUENCE, new Position(reached, true)))
                            .isEqualTo(Outcome.FORWARD);
                }
                traffic.awaitRounds(1);
            }
            assertThat(sign * last(statement)).isGreaterThan(sign * reached);
            assertThat(database.jdbc()
                            .queryForObject("SELECT count(*) - count(DISTINCT number) FROM app.taken", Long.class))
                    .isZero();
        }
    }

    @Test
    void numbersNearItsPlaceAreTakenOnce() throws Exception {
        assertNoneTwice(database(""), 60, 20, 1);
        assertNoneTwice(database("INCREMENT -1 CACHE 4"), 60, 20, -1);
    }

    @Test
    void numbersFarFromItsPlaceAreTakenOnce() throws Exception {
        assertNoneTwice(database(""), 20, 1_000_000, 1);
    }

    @Test
    void aPlaceThatHasNotBeenGivenOutYetIsTheNext() throws Exception {
        TestDatabase database = database("INCREMENT 10 START 5");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            SequenceSetter setter = new SequenceSetter(statement);
            setter.advance(SEQUENCE, new Position(25, false));
            assertThat(Target.text(connection, "SELECT nextval(" + LITERAL + ")"))
                    .isEqualTo("25");
            setter.advance(SEQUENCE, new Position(11, true));
            assertThat(Target.text(connection, "SELECT nextval(" + LITERAL + ")"))
                    .isEqualTo("35");
        }
    }

    @Test
    void aPlaceOutsideOfItsBoundsChangesNothing() throws Exception {
        TestDatabase database = database("MAXVALUE 100");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            SequenceSetter setter = new SequenceSetter(statement);
            assertThatThrownBy(() -> setter.advance(SEQUENCE, new Position(101, true)))
                    .hasMessageContaining("out of bounds");
            assertThat(Target.text(connection, "SELECT nextval(" + LITERAL + ")"))
                    .isEqualTo("1");
            // The last one of all: no more are left, and that is so.
            setter.advance(SEQUENCE, new Position(100, true));
            assertThat(last(statement)).isEqualTo(100);
        }
    }
}
