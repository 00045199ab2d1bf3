package dev.bactrian.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The tables of the history are where the setting says, and those of before are known for what they are. */
class HistorySchemaIT {

    private static final String TABLES = "SELECT string_agg(DISTINCT schemaname, ' ') FROM pg_catalog.pg_tables"
            + " WHERE tablename ~ '^(backup_|restore_|system_settings|bactrian_)'";

    @Test
    void aHistoryInASchemaOfItsOwnLeavesPublicAlone() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        TestDatabase database = PostgresServer.V15.createDatabase().run("CREATE TABLE a (id int)");
        Map<String, String> settings = Map.of("DATABASE_URL", database.url(), "HISTORY_SCHEMA", "Backups_2");
        try (TestStore store = TestStore.start()) {
            try (BactrianService service = BactrianService.start(settings, control, store)) {
                service.goodBackUp();
            }
            try (BactrianService again = BactrianService.start(settings, control, store)) {
                again.goodBackUp();
                assertThat(again.send("GET", "/api/backups", null).body()).contains("\"success\"");
            }
        }
        assertThat(control.jdbc().queryForObject(TABLES, String.class)).isEqualTo("Backups_2");
        assertThat(control.jdbc().queryForObject("SELECT count(*) FROM \"Backups_2\".backup_history", Integer.class))
                .isEqualTo(2);
    }

    /** As every version has done it so far: Flyway's own way with the same files. */
    @Test
    void aHistoryThatFlywayMadeByItselfGoesOnWithTheSameTablesAsANewOne() {
        TestDatabase theirs = PostgresServer.V15.createDatabase();
        DatabaseUrl url = DatabaseUrl.parse(theirs.url());
        Flyway.configure()
                .dataSource(
                        theirs.url().replaceFirst("postgresql://[^@]*@", "jdbc:postgresql://"),
                        url.user(),
                        url.password())
                .table("bactrian_schema_history")
                .defaultSchema("public")
                .load()
                .migrate();
        TestDatabase ours = PostgresServer.V15.createDatabase();
        migrate(ours);
        assertThat(definitions(ours)).hasSizeGreaterThan(100).isEqualTo(definitions(theirs));

        migrate(theirs);

        assertThat(definitions(theirs)).isEqualTo(definitions(ours));
    }

    private static void migrate(TestDatabase control) {
        DatabaseUrl url = DatabaseUrl.parse(control.url());
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            ControlDatabase.migrate(url, HistorySchema.PUBLIC, pool);
        }
    }

    private static List<String> definitions(TestDatabase database) {
        return database.jdbc()
                .queryForList(
                        """
                        SELECT table_name || '.' || column_name || ' ' || data_type || coalesce(' ' || column_default, '')
                          FROM information_schema.columns WHERE table_schema = 'public'
                         UNION ALL
                        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                         UNION ALL
                        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                         UNION ALL
                        SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                         UNION ALL
                        SELECT version || coalesce(' ' || checksum, '') || ' ' || script || ' ' || description || ' ' || type
                          FROM bactrian_schema_history
                         ORDER BY 1""",
                        String.class);
    }

    @Test
    void aSchemaThatCantBeMadeIsRefusedWithTheStatementThatMakesIt() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        String role = "keeper_" + control.name();
        control.run("CREATE ROLE " + role + " LOGIN PASSWORD 'x'");
        DatabaseUrl url = DatabaseUrl.parse(control.url(role, "x"));
        HistorySchema schema = new HistorySchema("own");
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            ProblemException[] refused = new ProblemException[1];
            assertThatThrownBy(() -> ControlDatabase.migrate(url, schema, pool))
                    .isInstanceOfSatisfying(ProblemException.class, e -> refused[0] = e);

            control.run(refused[0].getMessage().replaceAll("(?s).*owner: ", ""));

            assertThatCode(() -> ControlDatabase.migrate(url, schema, pool)).doesNotThrowAnyException();
            assertThat(control.jdbc().queryForObject(TABLES, String.class)).isEqualTo("own");
        }
    }

    @Test
    void whatIsLeftInPublicIsToldWithTheStatementsThatMoveIt() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        DatabaseUrl url = DatabaseUrl.parse(control.url());
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(HistoryGuard.class);
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            ControlDatabase.migrate(url, HistorySchema.PUBLIC, pool);
            control.run("INSERT INTO backup_history (status) VALUES ('cancelled')", "CREATE SCHEMA own");
            told.start();
            log.setLevel(Level.INFO);
            log.addAppender(told);
            HistorySchema schema = new HistorySchema("own");

            ControlDatabase.migrate(url, schema, pool);

            String message = told.list.get(0).getFormattedMessage();
            assertThat(message).contains("There is also a history in the schema public", "is neither read nor moved");
            control.run("DROP SCHEMA own CASCADE", "CREATE SCHEMA own")
                    .run(message.replaceAll("(?s).*run there: (.*) Or set.*", "$1")
                            .split("(?<=;) ", -1));
            ControlDatabase.migrate(url, schema, pool);
            assertThat(told.list).hasSize(1);
            assertThat(control.jdbc().queryForObject("SELECT count(*) FROM own.backup_history", Integer.class))
                    .isEqualTo(1);
        } finally {
            log.detachAppender(told);
            log.setLevel(null);
        }
    }

    /** In somebody else's database, its owner may replace what is in public. */
    @Test
    void whoCouldReplaceTheTablesIsTold() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        String role = "landlord_" + control.name();
        control.run("CREATE ROLE " + role, "ALTER DATABASE " + control.name() + " OWNER TO " + role);
        DatabaseUrl url = DatabaseUrl.parse(control.url());
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(HistoryGuard.class);
        told.start();
        log.setLevel(Level.INFO);
        log.addAppender(told);
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            ControlDatabase.migrate(url, HistorySchema.PUBLIC, pool);
            assertThat(told.list.get(0).getFormattedMessage()).contains("belongs to " + role, "HISTORY_SCHEMA");

            ControlDatabase.migrate(url, new HistorySchema("own"), pool);
            assertThat(told.list.subList(1, told.list.size()))
                    .noneMatch(event -> event.getFormattedMessage().contains(role));
        } finally {
            log.detachAppender(told);
            log.setLevel(null);
        }
    }
}
