package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.servers.PgBouncer;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proof of sessions says of a real PgBouncer in each of its modes, and what it leaves in its pool: nothing. */
class SessionModeIT {

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = PostgresServer.V17.createDatabase();
    }

    @Test
    void aServerKeepsSessions() throws SQLException {
        prove(database.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"default_pool_size=3", "default_pool_size=20", "server_round_robin=1"})
    void aTransactionPoolerIsRefusedByWhatItDoes(String setting) throws SQLException {
        assumeTrue(PgBouncer.isInstalled());
        try (PgBouncer bouncer = PgBouncer.before(database.port(), "pool_mode=transaction", setting)) {
            List<String> before = settings(bouncer.port());

            assertThatThrownBy(() -> prove(bouncer.port()))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(
                            "is a transaction pooler (port " + bouncer.port() + "), which can't hold a snapshot")
                    .hasMessageContaining("Use session mode instead")
                    .hasMessageContaining("pool_mode=session");
            assertThat(settings(bouncer.port())).isEqualTo(before);
        }
    }

    @Test
    void theApplicationsBusyPoolDoesNotHideIt() throws SQLException {
        assumeTrue(PgBouncer.isInstalled());
        try (PgBouncer bouncer = PgBouncer.before(
                        database.port(), "pool_mode=transaction", "default_pool_size=4", "server_round_robin=1");
                Connection one = client(bouncer.port());
                Connection two = client(bouncer.port())) {
            // Sessions that are there already, one of them in use.
            one.setAutoCommit(false);
            one.createStatement().execute("SELECT 1");
            two.createStatement().execute("SELECT 1");

            assertThatThrownBy(() -> prove(bouncer.port())).hasMessageContaining("is a transaction pooler");
            one.rollback();
        }
    }

    @Test
    void statementPoolingIsRefusedAlike() throws SQLException {
        assumeTrue(PgBouncer.isInstalled());
        try (PgBouncer bouncer = PgBouncer.before(database.port(), "pool_mode=statement")) {
            assertThatThrownBy(() -> prove(bouncer.port())).hasMessageContaining("is a transaction pooler");
        }
    }

    @Test
    void aPoolOfOneIsNamed() throws SQLException {
        assumeTrue(PgBouncer.isInstalled());
        try (PgBouncer bouncer = PgBouncer.before(database.port(), "pool_mode=transaction", "default_pool_size=1")) {
            assertThatThrownBy(() -> prove(bouncer.port()))
                    .hasMessageContaining("is a transaction pooler")
                    .hasMessageContaining("whose pool has no second connection");
        }
        try (PgBouncer bouncer = PgBouncer.before(database.port(), "pool_mode=session", "default_pool_size=1")) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> prove(bouncer.port()))
                    .hasMessageContaining("is a pool of one")
                    .hasMessageContaining("raise the pool's size");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aSessionPoolerIsTaken() throws SQLException {
        assumeTrue(PgBouncer.isInstalled());
        try (PgBouncer bouncer = PgBouncer.before(database.port(), "pool_mode=session", "default_pool_size=4")) {
            prove(bouncer.port());
        }
    }

    @Test
    void theWordsFitWhatNeedsSessions() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@db.example.org:6543/app");

        assertThatThrownBy(() -> SessionMode.prove(url, SessionMode.Need.RESTORE, ConnectionRetry.none()))
                .hasMessageContaining("is a transaction pooler (port 6543), which can't hold a restore's sessions")
                .hasMessageContaining("Nothing was changed")
                .hasMessageContaining("postgresql://u:***@db.example.org:5432/app");
    }

    private static void prove(int port) throws SQLException {
        SessionMode.prove(
                DatabaseUrl.parse("postgresql://postgres:any@127.0.0.1:" + port + "/" + database.name()),
                SessionMode.Need.BACKUP,
                ConnectionRetry.none());
    }

    private static Connection client(int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "any");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "12");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database.name(), properties);
    }

    /** What has been set in the sessions of the pool, by more clients at once than it can have given to the proof. */
    private static List<String> settings(int port) throws SQLException {
        List<String> found = new ArrayList<>();
        List<Connection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Connection client = client(port);
                clients.add(client);
                client.setAutoCommit(false);
                try (Statement statement = client.createStatement();
                        ResultSet rows = statement.executeQuery(
                                "SELECT name || '=' || setting FROM pg_settings WHERE source = 'session'"
                                        + " AND name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone',"
                                        + " 'standard_conforming_strings') UNION ALL SELECT 'bactrian.session' WHERE"
                                        + " current_setting('bactrian.session', true) IS NOT NULL")) {
                    while (rows.next()) {
                        found.add(rows.getString(1));
                    }
                }
            }
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
        return found;
    }
}
