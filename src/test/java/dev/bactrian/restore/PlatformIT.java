package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A Supabase project's database is told apart by who owns two of its schemas. */
class PlatformIT {

    @Test
    void aSupabaseProjectIsKnownByItsSchemasAndTheirOwners() throws SQLException {
        assertThat(isPlatform(PostgresServer.V17.createDatabase().loadSample())).isTrue();
    }

    @Test
    void schemasOfTheSameNamesArentEnough() throws SQLException {
        TestDatabase database = PostgresServer.V17.createDatabase();
        assertThat(isPlatform(database)).isFalse();

        database.run("CREATE SCHEMA auth", "CREATE SCHEMA storage");
        assertThat(isPlatform(database)).isFalse();
    }

    /** Who may not look into the schema auth can't ask for its tables. */
    @Test
    void aRoleWithoutRightsIsToldToo() throws SQLException {
        try (Connection connection =
                        PostgresServer.V17.createDatabase().loadSample().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE ROLE stranger");
            statement.execute("SET LOCAL ROLE stranger");

            assertThat(Platform.is(connection)).isTrue();
            connection.rollback();
        }
    }

    private static boolean isPlatform(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Platform.is(connection);
        }
    }
}
