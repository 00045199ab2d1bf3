package dev.bactrian.security;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A role of a server without any rights but those that it is given, which plants things for a superuser to run. */
record Intruder(PostgresServer server, String name) {

    private static final String PASSWORD = "i";

    /** Makes the role, unless another test has; no superuser in any case. */
    void disarm() {
        server.createDatabase()
                .run(
                        "DO $$ BEGIN CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD
                                + "'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                        "ALTER ROLE " + name + " NOSUPERUSER");
    }

    /** A new database, in which it may create schemas. */
    TestDatabase target() {
        TestDatabase target = server.createDatabase();
        return target.run("GRANT CREATE ON DATABASE " + target.name() + " TO " + name);
    }

    Connection connect(TestDatabase target) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + target.port() + "/" + target.name(), name, PASSWORD);
    }

    /** Runs statements as this role. */
    void plant(TestDatabase target, String... statements) throws SQLException {
        try (Connection connection = connect(target);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Whether something that it planted made it one. */
    boolean isSuperuser(TestDatabase target) {
        return target.jdbc()
                .queryForObject("SELECT rolsuper FROM pg_roles WHERE rolname = '" + name + "'", Boolean.class);
    }
}
