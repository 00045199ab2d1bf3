package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.url.SupabaseProject.Recognition;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A Supabase project's database is told from others by who owns three of its tables. */
class PlatformIT {

    @Test
    void aSupabaseProjectIsKnownByTheOwnersOfItsTables() throws SQLException {
        assertThat(isPlatform(PostgresServer.V17.createDatabase().loadSample())).isTrue();
    }

    /** The platform's schemas belong to a role that has many others, too. */
    @Test
    void whoOwnsTheSchemasSaysNothing() throws SQLException {
        TestDatabase database = PostgresServer.V17.createDatabase().loadSample();
        database.run("CREATE ROLE somebody_else", "ALTER SCHEMA auth OWNER TO somebody_else");
        database.run("ALTER SCHEMA storage OWNER TO somebody_else");
        try {
            assertThat(isPlatform(database)).isTrue();
        } finally {
            database.run("DROP SCHEMA auth, storage CASCADE", "DROP ROLE somebody_else");
        }
    }

    @Test
    void tablesOfTheSameNamesAreOthersUnlessTheSettingSaysSo() throws SQLException {
        TestDatabase database = PostgresServer.V17.createDatabase();
        assertThat(isPlatform(database)).isFalse();
        assertThat(isPlatform(database, Recognition.YES)).as("nothing is there").isFalse();

        database.run("CREATE SCHEMA auth", "CREATE SCHEMA storage", "CREATE TABLE auth.users (id int)");
        assertThat(isPlatform(database)).isFalse();
        assertThat(isPlatform(database, Recognition.YES)).isTrue();

        database.run("DROP TABLE auth.users", "CREATE VIEW auth.users AS SELECT 1 AS id");
        assertThat(isPlatform(database, Recognition.YES)).as("a view").isFalse();
    }

    @Test
    void aCopyOfAProjectIsNoneWhereTheSettingSaysSo() throws SQLException {
        assertThat(isPlatform(PostgresServer.V17.createDatabase().loadSample(), Recognition.NO))
                .isFalse();
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

            assertThat(Platform.is(connection, Recognition.AUTO)).isTrue();
            connection.rollback();
        }
    }

    private static boolean isPlatform(TestDatabase database) throws SQLException {
        return isPlatform(database, Recognition.AUTO);
    }

    private static boolean isPlatform(TestDatabase database, Recognition recognition) throws SQLException {
        try (Connection connection = database.connect()) {
            return Platform.is(connection, recognition);
        }
    }
}
