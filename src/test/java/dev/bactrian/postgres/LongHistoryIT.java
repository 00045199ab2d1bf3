package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.history.ControlDatabase;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A history of 100,000 backups, in no order on the disk, slows nothing down that is asked often. */
class LongHistoryIT {

    private static final Pattern PARAMETER = Pattern.compile(":#(?:\\$\\{([^}]*)}|(\\w+))");
    /** Of 8 kB; the history has more than 2,000. Where two filters meet, all rows of one of them may have to be read. */
    private static final int MOST_PAGES_READ = 1_000;

    private static final String LAST_ROWS = "created_at < now() - interval '99000 minutes'";

    private static TestDatabase control;

    @BeforeAll
    static void fill() {
        control = PostgresServer.V17.createDatabase();
        try (HikariDataSource pool = ControlDatabase.open(DatabaseUrl.parse(control.url()))) {
            ControlDatabase.migrate(DatabaseUrl.parse(control.url()), pool);
        }
        // Nobody was to be told of them; the failures, the cancelled ones and one of the databases are long ago.
        control.run(
                "INSERT INTO backup_history (dispatch_id, database, target, status, s3_key, sha256, created_at, started_at, finished_at) "
                        + "SELECT 'd-' || g, 'db' || g % 5, 'h:1/db' || g % 5, 'success', 'archive/' || g, 'a', t, t, t "
                        + "FROM (SELECT g, now() - interval '61 minutes' - g * interval '1 minute' AS t "
                        + "FROM generate_series(1, 100000) g ORDER BY hashint4(g)) AS backups",
                "UPDATE backup_history SET status = CASE WHEN random() < 0.5 THEN 'failed' ELSE 'cancelled' END, "
                        + "database = 'gone' WHERE " + LAST_ROWS,
                "VACUUM ANALYZE backup_history");
    }

    @ParameterizedTest
    @CsvSource({
        "a page,,,",
        "what succeeded,success,,",
        "what failed,failed,,",
        "what was cancelled,cancelled,,",
        "what is in progress,in_progress,,",
        "a database,,db1,",
        "a database of long ago,,gone,",
        "no database,,nowhere,",
        "a database's failures,failed,db2,",
        "failures of long ago,failed,gone,",
        "a dispatch,,,d-99500",
        "no dispatch,,,nobody's"
    })
    void aPageOfTheHistoryIsReadByAnIndex(String what, String status, String database, String dispatchId)
            throws Exception {
        Map<String, Object> query = new HashMap<>();
        query.put("body.status", status);
        query.put("body.database", database);
        query.put("body.dispatchId", dispatchId);
        query.put("body.limitPlusOne", 101);
        assertReadByAnIndexAtOnce(assertFewPagesRead("list-backups", query));

        Map<String, Object> deep = control.jdbc()
                .queryForMap("SELECT id, created_at FROM backup_history ORDER BY created_at LIMIT 1 OFFSET 500");
        query.put("body.cursorTime", deep.get("created_at"));
        query.put("body.cursorId", deep.get("id"));
        assertReadByAnIndexAtOnce(assertFewPagesRead("list-backups", query));
    }

    /** What a caller is to wait for at the most, of the server's own time; a page of 100 takes a few. */
    private static void assertReadByAnIndexAtOnce(JsonNode explained) {
        double millis = explained.path("Execution Time").asDouble();
        System.out.printf("A page of the history of 100,000 backups took the server %.2f ms%n", millis);
        assertThat(millis).as("ms: %s", explained).isLessThan(50);
        assertThat(explained.findValuesAsText("Node Type"))
                .as(explained.toString())
                .anyMatch(node -> node.contains("Index"))
                .doesNotContain("Seq Scan");
    }

    @ParameterizedTest
    @CsvSource({
        "claim-backup",
        "claim-notification",
        "find-silent-backups",
        "find-stalled-backups",
        "find-overdue-workers",
        "find-asked",
        "find-standings",
        "insert-backup"
    })
    void whatIsAskedAllTheTimeLeavesTheHistoryAlone(String query) throws Exception {
        Map<String, Object> values = Map.of(
                "exchangeProperty.databases",
                "db1 db2 nowhere",
                "targets",
                "db1 h:1/db1\ndb2 h:1/db2",
                "prefix",
                "backups",
                "mostAtOnce",
                2,
                "pinged",
                "db1",
                "stallSeconds",
                1800,
                "seconds",
                1800,
                "queueLimit",
                0);
        assertFewPagesRead(query, values);
    }

    /** PostgreSQL would stop looking at what is asked for after a few times, were the statement kept. */
    @Test
    void noStatementIsKept() throws Exception {
        try (HikariDataSource pool = ControlDatabase.open(DatabaseUrl.parse(control.url()));
                Connection connection = pool.getConnection();
                PreparedStatement query =
                        connection.prepareStatement("SELECT count(*) FROM pg_prepared_statements WHERE ? <> ''")) {
            for (int i = 0; i < 8; i++) {
                query.setString(1, "x" + i);
                try (ResultSet kept = query.executeQuery()) {
                    kept.next();
                    assertThat(kept.getInt(1)).as("after %d times", i).isZero();
                }
            }
        }
    }

    private static JsonNode assertFewPagesRead(String query, Map<String, Object> values) throws IOException {
        Path file;
        try (Stream<Path> queries = Files.walk(Path.of("sql"))) {
            file = queries.filter(each -> each.endsWith(query + ".sql"))
                    .findFirst()
                    .orElseThrow();
        }
        String text = Files.readString(file).replaceAll("(?m)^\\s*--.*$", "");
        String literal = PARAMETER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        quoted(values.get(found.group(1) == null ? found.group(2) : found.group(1)))));
        String plan = control.jdbc().queryForObject("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + literal, String.class);
        JsonNode explained = new ObjectMapper().readTree(plan).get(0);
        JsonNode top = explained.path("Plan");
        assertThat(top.path("Shared Hit Blocks").asInt()
                        + top.path("Shared Read Blocks").asInt())
                .as(plan)
                .isLessThan(MOST_PAGES_READ);
        return explained;
    }

    private static String quoted(Object value) {
        return value == null ? "NULL" : "'" + value.toString().replace("'", "''") + "'";
    }
}
