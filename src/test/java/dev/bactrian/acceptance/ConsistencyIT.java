package dev.bactrian.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** All files of a backup show one instant, whatever is written meanwhile. */
class ConsistencyIT {

    private static final int BACKUPS = 20;
    private static final int ACCOUNTS = 200;
    private static final long SUM = 2L * ACCOUNTS * 1000;

    @Test
    void amountsMovedBetweenTwoTablesAlwaysAddUp() throws Exception {
        TestDatabase database = PostgresServer.V17
                .createDatabase()
                .run(
                        "CREATE TABLE checking (id int PRIMARY KEY, amount bigint NOT NULL)",
                        "CREATE TABLE saving (id int PRIMARY KEY, amount bigint NOT NULL)",
                        "INSERT INTO checking SELECT n, 1000 FROM generate_series(1, " + ACCOUNTS + ") n",
                        "INSERT INTO saving SELECT n, 1000 FROM generate_series(1, " + ACCOUNTS + ") n");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong moves = new AtomicLong();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> move(database, stop, moves));
        Set<Long> seen = new HashSet<>();
        try (TestStore store = TestStore.start();
                // A pg_dump per table: the two files come from different sessions.
                BactrianService service = BactrianService.start(
                        Map.of(
                                "DATABASE_URL",
                                database.url(),
                                "BACKUP_TABLES_PER_DUMP",
                                "1",
                                "BACKUP_PARALLELISM",
                                "2"),
                        PostgresServer.V17.createDatabase(),
                        store)) {
            List<String> ids = IntStream.range(0, BACKUPS)
                    .mapToObj(i -> service.request("{}"))
                    .toList();
            for (String id : ids) {
                JsonNode row = service.awaitEnd(id);
                assertThat(row.path("status").asText()).as(row.toString()).isEqualTo("success");
                try (ZipFile zip =
                        new ZipFile(store.download(row.path("s3_key").asText()).toFile())) {
                    long checking = sum(zip, "checking");
                    assertThat(checking + sum(zip, "saving")).isEqualTo(SUM);
                    seen.add(checking);
                }
            }
        } finally {
            stop.set(true);
        }
        writer.join();
        assertThat(moves.get()).isGreaterThan(1000);
        assertThat(seen).as("the amounts did change between the backups").hasSizeGreaterThan(BACKUPS / 2);
    }

    private static void move(TestDatabase database, AtomicBoolean stop, AtomicLong moves) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                long id = moves.incrementAndGet() % ACCOUNTS + 1;
                statement.execute("UPDATE checking SET amount = amount - 7 WHERE id = " + id);
                statement.execute("UPDATE saving SET amount = amount + 7 WHERE id = " + id);
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long sum(ZipFile zip, String table) throws IOException {
        String text = new String(
                zip.getInputStream(zip.getEntry("db/public/tables/" + table + "/data.sql"))
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.matches("\\d+\t-?\\d+"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('\t') + 1)))
                .sum();
    }
}
