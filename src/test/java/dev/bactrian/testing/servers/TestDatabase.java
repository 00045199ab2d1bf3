package dev.bactrian.testing.servers;

import dev.bactrian.demo.SampleDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * One database of a test server.
 *
 * @param superuser who logs in without a password, and runs what tests run
 */
public record TestDatabase(int port, String name, String superuser) {

    private static final String TABLES = "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n "
            + "ON n.oid = relnamespace WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
            + " ORDER BY 1";

    public TestDatabase(int port, String name) {
        this(port, name, "postgres");
    }

    /** Connection URI of the superuser. */
    public String url() {
        return url(superuser, "any");
    }

    public String url(String user, String password) {
        return "postgresql://" + user + ":" + password + "@127.0.0.1:" + port + "/" + name;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + name, superuser, "");
    }

    /** Runs statements as the superuser. */
    public TestDatabase run(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes it, empty, in the place of what is there; sessions in that are ended. */
    public TestDatabase recreate() {
        new TestDatabase(port, "postgres", superuser)
                .run(
                        "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
                        "CREATE DATABASE " + name + " TEMPLATE template0 STRATEGY file_copy");
        return this;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource());
    }

    private PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + name);
        source.setUser(superuser);
        return source;
    }

    /** Loads the demonstration's sample database. */
    public TestDatabase loadSample() {
        try {
            SampleDatabase.load(dataSource());
            return this;
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A role that may read everything, with a password. */
    public String backupRole(String role, String password) {
        run(
                "DROP ROLE IF EXISTS " + role,
                "CREATE ROLE " + role + " LOGIN BYPASSRLS PASSWORD '" + password + "'",
                "GRANT pg_read_all_data TO " + role);
        return url(role, password);
    }

    /** Exact rows of every ordinary table, counted with ONLY. */
    public Map<String, Long> rowCounts() {
        return perTable("SELECT count(*) FROM ONLY {table}");
    }

    /** A digest of every ordinary table's rows that doesn't depend on their order. */
    public Map<String, Long> contentDigests() {
        return perTable(
                "SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::numeric % 1000000007 FROM ONLY {table} t");
    }

    private Map<String, Long> perTable(String query) {
        JdbcTemplate jdbc = jdbc();
        Map<String, Long> result = new TreeMap<>();
        List<String> tables = jdbc.queryForList(TABLES, String.class);
        tables.forEach(table -> result.put(table, jdbc.queryForObject(query.replace("{table}", table), Long.class)));
        return result;
    }
}
