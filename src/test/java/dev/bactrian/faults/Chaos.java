package dev.bactrian.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianProcess;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.Relay;
import dev.bactrian.testing.servers.RestartablePostgres;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Two services on one history, with databases that are written to and backed up all the time, a store, and a network between
 * them, all of which can go wrong: real processes, real servers.
 */
final class Chaos implements AutoCloseable {

    static final List<String> DATABASES = List.of("default", "crm");

    /** What all accounts of a database hold together at any instant. */
    static final long TOTAL = 100_000;

    private static final int ACCOUNTS = 200;

    final RestartablePostgres historyServer = RestartablePostgres.started();
    final TestDatabase history = historyServer.database();
    final TestStore store = TestStore.start();
    final Relay toHistory = Relay.forgetful(history.port());
    final Relay toSource = Relay.forgetful(PostgresServer.V15.port());
    final Relay toStore = Relay.forgetful(store.endpoint().getPort());
    final Map<String, TestDatabase> sources = new HashMap<>();
    final List<Path> workDirs = List.of(BactrianService.temporaryFolder(), BactrianService.temporaryFolder());
    final List<BactrianProcess> all = new ArrayList<>();

    private final BactrianProcess[] nodes = new BactrianProcess[2];
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> writers = new ArrayList<>();

    Chaos() {
        for (String name : DATABASES) {
            TestDatabase source = Sources.small()
                    .run(
                            "CREATE TABLE account AS SELECT n AS id, " + TOTAL / ACCOUNTS
                                    + " AS balance FROM generate_series(1, " + ACCOUNTS + ") n",
                            "ALTER TABLE account ADD PRIMARY KEY (id)",
                            "CREATE TABLE log (at timestamptz, what text)");
            sources.put(name, name.equals("default") ? Sources.noise(source, "big", 14) : source);
            Thread writer = new Thread(() -> write(source), "writer-" + name);
            writer.setDaemon(true);
            writers.add(writer);
            writer.start();
        }
        for (int i = 0; i < nodes.length; i++) {
            startNode(i);
        }
    }

    /** Moves money about, one transaction after the other: a backup of one instant has all of it. */
    private void write(TestDatabase source) {
        Random random = new Random(source.name().hashCode());
        while (!waits(20)) {
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                while (!waits(20)) {
                    int amount = random.nextInt(50);
                    connection.setAutoCommit(false);
                    for (int sign : new int[] {-1, 1}) {
                        statement.execute("UPDATE account SET balance = balance + " + sign * amount + " WHERE id = "
                                + (1 + random.nextInt(ACCOUNTS)));
                    }
                    statement.execute("INSERT INTO log VALUES (now(), 'moved " + amount + "')");
                    connection.commit();
                }
            } catch (SQLException e) {
                // Two writers' rows, or the end.
            }
        }
    }

    /** Lets time pass; true, and at once, at the end. */
    boolean waits(long millis) {
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Map<String, String> settings(int node) {
        Map<String, String> settings = new HashMap<>(store.settings());
        sources.forEach((name, source) -> settings.put(
                "default".equals(name) ? "DATABASE_URL" : "DATABASE_URL_CRM",
                new TestDatabase(toSource.port(), source.name()).url()));
        settings.putAll(Map.of(
                "DATABASE_URL_COPY",
                new TestDatabase(PostgresServer.V15.port(), "postgres").url(),
                "CONTROL_DATABASE_URL",
                new TestDatabase(toHistory.port(), history.name()).url(),
                "S3_ENDPOINT",
                "http://127.0.0.1:" + toStore.port(),
                "WORK_DIR",
                workDirs.get(node).toString(),
                "PG_BIN",
                BactrianService.pg17().toString(),
                "RESTORE_API_KEY",
                BactrianService.RESTORE_KEY,
                "BACKUP_RATE_LIMIT",
                "1000",
                "BACKUP_KEEP_LAST",
                "5",
                "BACKUP_MAX_CONCURRENT",
                "2"));
        return settings;
    }

    /** Starts a node in the place of one that is gone. */
    void startNode(int index) {
        nodes[index] = BactrianProcess.serve(settings(index));
        all.add(nodes[index]);
    }

    BactrianProcess node(int index) {
        return nodes[index];
    }

    int nodes() {
        return nodes.length;
    }

    void signal(int index, String signal) {
        Run.program(List.of("kill", "-" + signal, Long.toString(nodes[index].pid())));
    }

    /** Asks one node for a backup; null when it can't say now. */
    String request(int node, String database) {
        HttpResponse<String> answer = send(node, "POST", "/api/backups", "{\"database\":\"" + database + "\"}");
        return answer == null || answer.statusCode() != 202 ? null : id(answer);
    }

    static String id(HttpResponse<String> answer) {
        JsonNode row = BactrianService.json(answer.body());
        return row.path("id").asText();
    }

    /** Null when there is no answer. */
    HttpResponse<String> send(int node, String method, String path, String json) {
        try {
            return nodes[node].send(BactrianService.RESTORE_KEY, method, path, json);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** All links carry everything again, and the store is well. */
    void mend() {
        for (Relay link : List.of(toHistory, toSource, toStore)) {
            link.release();
            link.mend();
        }
        store.faults().releaseUploads();
        store.faults().clear();
    }

    @Override
    public void close() {
        ended.countDown();
        mend();
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] != null) {
                signal(i, "CONT");
            }
        }
        all.forEach(BactrianProcess::close);
        List.of(toHistory, toSource, toStore).forEach(Relay::close);
        historyServer.close();
        store.close();
    }
}
