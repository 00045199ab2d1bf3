package dev.bactrian.restore.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.bactrian.restore.NotApplied;
import dev.bactrian.testing.Run;
import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What pg_dumpall wrote about roles, applied to a server that has none, some, or all of them. */
class RolesScriptIT {

    private static final String ODD = "\"rs Größe \"\"x\"\" $(id) \\ %s -- ' {d} ?\nSELECT 1;\"";

    /** Other tests' roles are none of this one's business. */
    private static final Predicate<String> OTHERS = name -> !name.startsWith("rs");

    private static final List<String> ROLES = List.of(
            "CREATE ROLE rs_owner LOGIN PASSWORD 'rs-pass' VALID UNTIL '2040-01-01 00:00:00+00'",
            "CREATE ROLE rs_reader NOINHERIT CONNECTION LIMIT 3",
            "CREATE ROLE rs_boss SUPERUSER CREATEDB REPLICATION",
            "CREATE ROLE " + ODD + " LOGIN BYPASSRLS",
            "COMMENT ON ROLE rs_owner IS 'it''s \\ \n two lines'",
            "COMMENT ON ROLE " + ODD + " IS 'x'",
            "ALTER ROLE rs_owner SET search_path = '$user', \"public\"",
            "ALTER ROLE rs_reader SET application_name = 'O''Brien \\ \"x\"'",
            "ALTER ROLE " + ODD + " SET rs.jwt_secret = 'hush'",
            "ALTER ROLE rs_reader SET log_statement = 'all'",
            "GRANT rs_reader TO rs_owner WITH ADMIN OPTION",
            "GRANT pg_monitor, " + ODD + " TO rs_owner",
            "GRANT rs_owner TO rs_boss");

    private static final Map<String, String> STATE = Map.of(
            "roles",
            "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,"
                    + " rolconnlimit, rolpassword, rolvaliduntil::text, shobj_description(oid, 'pg_authid')"
                    + " FROM pg_authid WHERE rolname LIKE 'rs%' ORDER BY 1",
            "settings",
            "SELECT setrole::regrole::text, setconfig::text FROM pg_db_role_setting"
                    + " WHERE setrole IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'rs%') ORDER BY 1",
            "memberships",
            "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members"
                    + " WHERE member IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'rs%') ORDER BY 1, 2");

    @AfterEach
    void dropRoles() {
        for (PostgresServer server : List.of(PostgresServer.V15, PostgresServer.V17)) {
            drop(server);
        }
    }

    @ParameterizedTest
    @CsvSource({"V15, V15", "V15, V17", "V17, V15", "V17, V17"})
    void rolesComeBackWithEverythingThatIsTheirs(PostgresServer from, PostgresServer to) throws Exception {
        String script = script(from);
        Map<String, String> saved = state(from);
        drop(from);

        RolesScript roles = RolesScript.parse(script);
        try (Connection connection = anyDatabase(to).connect()) {
            assertThat(roles.apply(connection, OTHERS)).isEmpty();
        }

        assertThat(state(to)).isEqualTo(saved);
        assertThat(roles.existing()).isEmpty();
        assertThat(roles.created())
                .hasSize(4)
                .containsExactlyInAnyOrderElementsOf(RolesScript.names(script).stream()
                        .filter(OTHERS.negate())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V17"})
    void rolesThatAreThereStayAsTheyAre(PostgresServer server) throws Exception {
        String script = script(server);
        drop(server);
        TestDatabase target = anyDatabase(server)
                .run("CREATE ROLE rs_owner LOGIN PASSWORD 'their-own'", "CREATE ROLE rs_reader", "CREATE ROLE rs_boss");
        Map<String, String> before = state(server);

        RolesScript roles = RolesScript.parse(script);
        try (Connection connection = target.connect()) {
            assertThat(roles.apply(connection, OTHERS)).isEmpty();
        }

        assertThat(roles.existing()).containsExactlyInAnyOrder("rs_owner", "rs_reader", "rs_boss");
        assertThat(roles.created()).hasSize(1);
        assertThat(rows(
                        server,
                        "SELECT rolname, rolpassword, rolsuper, rolinherit, rolconnlimit FROM pg_authid"
                                + " WHERE rolname IN ('rs_owner', 'rs_reader', 'rs_boss') ORDER BY 1"))
                .as("what is left of %s", before.get("roles"))
                .doesNotContain("rs-pass")
                .satisfies(now -> assertThat(before.get("roles")).contains(password(now)));
        assertThat(state(server).get("memberships"))
                .as("only that of the role that is new")
                .contains("Größe")
                .doesNotContain("rs_reader", "pg_monitor", "rs_boss");
        assertThat(state(server).get("settings")).doesNotContain("search_path");
        DriverManager.getConnection(jdbc(target), "rs_owner", "their-own").close();
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V17"})
    void withoutASuperuserWhatCannotBeIsReported(PostgresServer server) throws Exception {
        String script = script(server);
        drop(server);
        TestDatabase target = anyDatabase(server).run("CREATE ROLE rs_creator LOGIN CREATEROLE PASSWORD 'c'");

        RolesScript roles = RolesScript.parse(script);
        List<NotApplied> notApplied;
        try (Connection connection =
                DriverManager.getConnection(jdbc(target) + "?preferQueryMode=simple", "rs_creator", "c")) {
            notApplied = roles.apply(connection, OTHERS);
        }

        assertThat(roles.created()).hasSize(4);
        assertThat(notApplied)
                .extracting(NotApplied::what, NotApplied::sql)
                .contains(
                        tuple("SUPERUSER of role \"rs_boss\"", "ALTER ROLE \"rs_boss\" WITH SUPERUSER;"),
                        tuple("REPLICATION of role \"rs_boss\"", "ALTER ROLE \"rs_boss\" WITH REPLICATION;"),
                        tuple("BYPASSRLS of role " + ODD, "ALTER ROLE " + ODD + " WITH BYPASSRLS;"),
                        tuple(
                                "setting log_statement of role \"rs_reader\"",
                                "ALTER ROLE \"rs_reader\" SET \"log_statement\" TO 'all';"));
        assertThat(notApplied)
                .as("a role with CREATEROLE alone creates the rest")
                .noneSatisfy(one -> assertThat(one.what()).contains("rs_owner\" in \"rs_reader"))
                .noneSatisfy(one -> assertThat(one.what()).startsWith("NO"))
                .allSatisfy(one -> assertThat(one.reason())
                        .startsWith("The server refused it: ")
                        .endsWith("."));
        assertThat(notApplied.toString()).doesNotContain("SCRAM-SHA-256", "hush");
        assertThat(state(server).get("memberships")).contains("rs_reader, rs_owner, t");
        DriverManager.getConnection(jdbc(target), "rs_owner", "rs-pass").close();
    }

    @Test
    void withoutAnyPrivilegeEveryRoleIsReportedWithWhatToRun() throws Exception {
        String script = script(PostgresServer.V17);
        drop(PostgresServer.V17);
        TestDatabase target = anyDatabase(PostgresServer.V17).run("CREATE ROLE rs_nobody LOGIN PASSWORD 'n'");

        RolesScript roles = RolesScript.parse(script);
        List<NotApplied> notApplied;
        try (Connection connection = DriverManager.getConnection(jdbc(target), "rs_nobody", "n")) {
            notApplied = roles.apply(connection, OTHERS);
        }

        assertThat(roles.created()).isEmpty();
        assertThat(notApplied)
                .filteredOn(one -> one.what().startsWith("role "))
                .hasSize(4)
                .anySatisfy(one -> {
                    assertThat(one.what()).isEqualTo("role \"rs_owner\"");
                    assertThat(one.reason()).contains("permission denied to create role");
                    assertThat(one.sql())
                            .startsWith(
                                    "-- What *** hides is in the archive's db/roles.sql.\nCREATE ROLE \"rs_owner\";\n")
                            .contains("PASSWORD '***'", "COMMENT ON ROLE", "search_path")
                            .doesNotContain("SCRAM");
                });
        assertThat(notApplied)
                .filteredOn(one -> one.what().startsWith("membership "))
                .hasSize(4);
        assertThat(notApplied.toString()).doesNotContain("SCRAM-SHA-256", "hush");
    }

    @Test
    void limitsThatAnOlderServerDoesNotKnowAreReported() throws Exception {
        String script = "CREATE ROLE rs_a;CREATE ROLE rs_b;"
                + "GRANT rs_a TO rs_b WITH ADMIN OPTION, INHERIT FALSE, SET FALSE GRANTED BY rs_gone;";

        try (Connection connection = anyDatabase(PostgresServer.V15).connect()) {
            assertThat(RolesScript.parse(script).apply(connection, OTHERS))
                    .extracting(NotApplied::what, NotApplied::sql)
                    .containsExactly(tuple("membership of \"rs_b\" in \"rs_a\"", "REVOKE \"rs_a\" FROM \"rs_b\";"));
        }
        assertThat(state(PostgresServer.V15).get("memberships")).contains("rs_a, rs_b, t");

        try (Connection connection = anyDatabase(PostgresServer.V17).connect()) {
            assertThat(RolesScript.parse(script).apply(connection, OTHERS)).isEmpty();
        }
        assertThat(rows(
                        PostgresServer.V17,
                        "SELECT admin_option, inherit_option, set_option FROM pg_auth_members"
                                + " WHERE member = 'rs_b'::regrole"))
                .isEqualTo("t, f, f");
    }

    @Test
    void whoCreatesARoleNeedsNotBeGrantedIt() throws Exception {
        TestDatabase target =
                anyDatabase(PostgresServer.V17).run("CREATE ROLE rs_creator LOGIN CREATEROLE PASSWORD 'c'");
        String script = "CREATE ROLE rs_a; GRANT rs_a TO rs_creator WITH ADMIN OPTION, INHERIT FALSE, SET FALSE"
                + " GRANTED BY postgres;GRANT rs_gone TO rs_a;GRANT rs_gone TO rs_creator;";

        try (Connection connection = DriverManager.getConnection(jdbc(target), "rs_creator", "c")) {
            assertThat(RolesScript.parse(script).apply(connection, OTHERS))
                    .containsExactly(new NotApplied(
                            "membership of \"rs_a\" in \"rs_gone\"",
                            "The target has no role \"rs_gone\".",
                            "GRANT \"rs_gone\" TO \"rs_a\";"));
        }
    }

    private static String script(PostgresServer server) {
        drop(server);
        anyDatabase(server).run(ROLES.toArray(String[]::new));
        Run dump = Run.program(List.of(
                server.client().resolve("pg_dumpall").toString(),
                "--roles-only",
                "-d",
                "postgresql://postgres@127.0.0.1:" + server.port() + "/postgres"));
        assertThat(dump.exit()).as(dump.err()).isZero();
        return dump.out();
    }

    private static Map<String, String> state(PostgresServer server) {
        return Map.of(
                "roles", rows(server, STATE.get("roles")),
                "settings", rows(server, STATE.get("settings")),
                "memberships", rows(server, STATE.get("memberships")));
    }

    private static String rows(PostgresServer server, String query) {
        return String.join("\n", anyDatabase(server).jdbc().query(query, (row, number) -> {
            StringBuilder line = new StringBuilder();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                line.append(i == 1 ? "" : ", ").append(row.getString(i));
            }
            return line.toString();
        }));
    }

    private static String password(String rows) {
        return rows.substring(rows.indexOf("SCRAM"), rows.indexOf("SCRAM") + 100);
    }

    private static TestDatabase anyDatabase(PostgresServer server) {
        return new TestDatabase(server.port(), "postgres");
    }

    private static String jdbc(TestDatabase database) {
        return "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + database.name();
    }

    private static void drop(PostgresServer server) {
        anyDatabase(server)
                .run("DO $$ DECLARE r name; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'rs%' LOOP"
                        + " EXECUTE format('DROP OWNED BY %I CASCADE', r); END LOOP;"
                        + " FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'rs%' LOOP"
                        + " EXECUTE format('DROP ROLE %I', r); END LOOP; END $$");
    }
}
