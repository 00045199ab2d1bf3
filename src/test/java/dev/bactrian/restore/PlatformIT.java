package dev.bactrian.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
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

    private static boolean isPlatform(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Platform.is(connection);
        }
    }
}
