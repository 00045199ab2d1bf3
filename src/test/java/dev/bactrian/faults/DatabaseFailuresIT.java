package dev.bactrian.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.testing.servers.RestartablePostgres;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database that can't be reached, or not be read as a whole: refused before anything is stored. */
class DatabaseFailuresIT {

    private static final int TRANSACTION_POOLER = 6543;

    private static TestDatabase good;
    private static TestDatabase secured;
    private static RestartablePostgres server;
    private static Scene scene;

    @BeforeAll
    static void start() {
        good = Sources.small();
        secured = Sources.small()
                .run(
                        "DROP ROLE IF EXISTS stranger, reader, ruled",
                        "CREATE ROLE stranger LOGIN BYPASSRLS PASSWORD 'right'",
                        "GRANT pg_read_all_data TO stranger",
                        "CREATE ROLE reader LOGIN BYPASSRLS PASSWORD 'reader'",
                        "CREATE ROLE ruled LOGIN PASSWORD 'ruled'",
                        "GRANT pg_read_all_data TO ruled",
                        "GRANT SELECT ON item TO reader",
                        "CREATE TABLE \"Pay Roll\" (id int)");
        server = RestartablePostgres.started();
        scene = Scene.start(Map.of(
                "DATABASE_URL", good.url(),
                "DATABASE_URL_DOWN", server.database().url(),
                "DATABASE_URL_STRANGER", secured.url("stranger", "wrong-password"),
                "DATABASE_URL_NOWHERE", new TestDatabase(good.port(), "nowhere").url(),
                "DATABASE_URL_READER", secured.url("reader", "reader"),
                "DATABASE_URL_RULED", secured.url("ruled", "ruled"),
                "DATABASE_URL_POOLER",
                        "postgresql://postgres.ref:pooler-secret@127.0.0.1:" + TRANSACTION_POOLER + "/postgres"));
    }

    @AfterAll
    static void stop() {
        scene.close();
        server.close();
        secured.run("DROP OWNED BY stranger, reader, ruled", "DROP ROLE stranger, reader, ruled");
    }

    @Test
    void aServerThatIsDown() {
        server.stop();

        scene.assertFails("down", null, "connecting", "can't be reached", "Check the host, the port and the network");

        server.start();
        scene.assertSucceeds("down", server.database());
    }

    @Test
    void aWrongPassword() {
        scene.assertFails("stranger", secured, "refused the user or the password", "percent-encode", ":***@");

        secured.run("ALTER ROLE stranger PASSWORD 'wrong-password'");
        scene.assertSucceeds("stranger", secured);
    }

    @Test
    void aDatabaseThatDoesNotExist() {
        scene.assertFails("nowhere", null, "nowhere", "doesn't exist", "Correct the database's name");

        scene.assertSucceeds("default", good);
    }

    @Test
    void aTableThatMayNotBeRead() {
        scene.assertFails(
                "reader",
                secured,
                "\"public\".\"Pay Roll\"",
                "role reader doesn't have SELECT",
                "GRANT pg_read_all_data TO \"reader\"");

        secured.run("GRANT pg_read_all_data TO reader");
        scene.assertSucceeds("reader", secured);
    }

    @Test
    void rowsThatAPolicyHides() {
        secured.run("ALTER TABLE item ENABLE ROW LEVEL SECURITY", "CREATE POLICY few ON item USING (id < 10)");

        scene.assertFails(
                "ruled",
                secured,
                "Row level security hides rows of \"public\".\"item\"",
                "ALTER ROLE \"ruled\" BYPASSRLS");

        secured.run("ALTER ROLE ruled BYPASSRLS");
        scene.assertSucceeds("ruled", secured);
    }

    @Test
    void aTransactionPoolerIsRefusedBeforeAnyConnection() throws IOException {
        try (ServerSocket pooler = listen(TRANSACTION_POOLER)) {
            scene.assertFails(
                    "pooler",
                    null,
                    "transaction pooler (port 6543)",
                    "session mode",
                    "postgresql://postgres.ref:***@127.0.0.1:5432/postgres");

            if (pooler != null) {
                pooler.setSoTimeout(1);
                assertThatThrownBy(pooler::accept).isInstanceOf(SocketTimeoutException.class);
            }
        }
        scene.assertSucceeds("default", good);
    }

    /** Null where another program has the port: then nobody can see who connects to it. */
    private static ServerSocket listen(int port) throws IOException {
        try {
            return new ServerSocket(port, 5, InetAddress.getLoopbackAddress());
        } catch (BindException e) {
            return null;
        }
    }
}
