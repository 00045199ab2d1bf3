package dev.bactrian.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.PostgresServer;
import dev.bactrian.testing.TestDatabase;
import dev.bactrian.testing.TestStore;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

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
    void aHistoryThatFlywayMadeByItselfGoesOn() {
        TestDatabase control = PostgresServer.V15.createDatabase();
        DatabaseUrl url = DatabaseUrl.parse(control.url());
        try (HikariDataSource pool = ControlDatabase.open(url)) {
            Flyway.configure()
                    .dataSource(
                            control.url().replaceFirst("postgresql://[^@]*@", "jdbc:postgresql://"),
                            url.user(),
                            url.password())
                    .table("bactrian_schema_history")
                    .defaultSchema("public")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();

            ControlDatabase.migrate(url, HistorySchema.PUBLIC, pool);
            ControlDatabase.migrate(url, HistorySchema.PUBLIC, pool);
        }
        assertThat(control.jdbc().queryForObject(TABLES, String.class)).isEqualTo("public");
    }

    /** Whatever made them: the same tables, with the same defaults, indexes and constraints. */
    @Test
    void itsTablesAreThoseThatFlywayMadeByItself() {
        TestDatabase ours = PostgresServer.V15.createDatabase();
        TestDatabase theirs = PostgresServer.V15.createDatabase();
        DatabaseUrl url = DatabaseUrl.parse(theirs.url());
        try (HikariDataSource pool = ControlDatabase.open(DatabaseUrl.parse(ours.url()))) {
            ControlDatabase.migrate(DatabaseUrl.parse(ours.url()), HistorySchema.PUBLIC, pool);
        }
        Flyway.configure()
                .dataSource(
                        theirs.url().replaceFirst("postgresql://[^@]*@", "jdbc:postgresql://"),
                        url.user(),
                        url.password())
                .table("bactrian_schema_history")
                .defaultSchema("public")
                .load()
                .migrate();

        assertThat(definitions(ours)).hasSizeGreaterThan(100).isEqualTo(definitions(theirs));
    }

    private static java.util.List<String> definitions(TestDatabase database) {
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
}
