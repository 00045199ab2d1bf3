package dev.bactrian.restore.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements that pg_dumpall writes about roles; RolesScriptIT runs what it really writes. */
class RolesScriptTest {

    private static final String HEAD = "--\n-- PostgreSQL database cluster dump\n--\n\n\\restrict 7aBc\n\n"
            + "SET default_transaction_read_only = off;\nSET client_encoding = 'UTF8';\n"
            + "SET standard_conforming_strings = on;\n";

    @Test
    void theRolesOfAScript() throws IOException {
        String script = HEAD + "CREATE ROLE app;\nCREATE ROLE \"two\nlines; CREATE ROLE \"\"evil\"\"; --\";\n"
                + "COMMENT ON ROLE app IS E'CREATE ROLE \\'x;\n\\\\restrict';\n\\unrestrict 7aBc\n\n";

        assertThat(RolesScript.names(script)).containsExactly("app", "two\nlines; CREATE ROLE \"evil\"; --");
        assertThat(RolesScript.names("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE app",
                "CREATE ROLE \"App\"",
                "ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS"
                        + " CONNECTION LIMIT 3 PASSWORD 'SCRAM-SHA-256$4096:x' VALID UNTIL 'infinity'",
                "ALTER ROLE app SET search_path TO '$user', 'public'",
                "ALTER ROLE app SET \"app.x\" TO E'a\\\\b\\'c'",
                "ALTER ROLE app SET app.x = on",
                "ALTER ROLE app SET extra_float_digits TO -1",
                "ALTER ROLE app IN DATABASE \"My db\" SET work_mem TO '1MB'",
                "COMMENT ON ROLE app IS 'it''s\ntwo lines'",
                "SECURITY LABEL FOR selinux ON ROLE app IS 'x'",
                "GRANT a TO b",
                "GRANT a TO b WITH ADMIN OPTION",
                "GRANT a TO b WITH ADMIN OPTION, INHERIT FALSE, SET FALSE GRANTED BY \"c\"",
                "GRANT a TO b WITH INHERIT TRUE GRANTED BY c",
                "GRANT SET ON PARAMETER session_replication_role TO app",
                "GRANT SET,ALTER SYSTEM ON PARAMETER \"app.x\" TO app WITH GRANT OPTION",
                "GRANT ALL ON PARAMETER app.x TO PUBLIC",
                "REVOKE ALL ON PARAMETER work_mem FROM app",
            })
    void whatPgDumpallWritesIsRead(String statement) throws IOException {
        assertThat(RoleStatements.parse(HEAD + statement + ";")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE t;",
                "CREATE ROLE app",
                "CREATE ROLE app SUPERUSER;",
                "CREATE ROLE a, b;",
                "CREATE USER app;",
                "ALTER ROLE app WITH;",
                "ALTER ROLE app WITH ADMIN x;",
                "ALTER ROLE app WITH PASSWORD secret;",
                "ALTER ROLE app WITH PASSWORD U&'secret';",
                "ALTER ROLE app RESET ALL;",
                "ALTER ROLE app RENAME TO b;",
                "ALTER ROLE app SET a TO 'x' (SELECT 1);",
                "ALTER ROLE app SET a TO 'x',;",
                "ALTER ROLE app SET a FROM CURRENT;",
                "COMMENT ON ROLE app IS 'a' 'b';",
                "COMMENT ON TABLE app IS 'a';",
                "GRANT SELECT ON t TO b;",
                "GRANT SET ON t TO b;",
                "GRANT SET ON PARAMETER work_mem TO a, b;",
                "GRANT a, b TO c;",
                "GRANT a TO b WITH GRANT OPTION;",
                "GRANT a TO b CASCADE;",
                "SET session_authorization = 'evil';",
                "SET role = 'evil';",
                "SELECT 1;",
                ";",
                "\\! rm x\n",
                "\\restrict a; SELECT 1;",
                "CREATE ROLE a \\restrict b\n;",
                "CREATE ROLE \"open;",
                "COMMENT ON ROLE app IS 'open;",
                "/* open",
            })
    void anythingElseIsRefusedBeforeAnythingRuns(String statement) {
        assertThatThrownBy(() -> RolesScript.parse(HEAD + "CREATE ROLE first;" + statement))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("db/roles.sql contains a statement that Bactrian doesn't write there");
    }

    @Test
    void aRefusalRepeatsNoPassword() {
        assertThatThrownBy(() -> RolesScript.parse("ALTER ROLE app WITH PASSWORD 'hush' BOGUS;"))
                .hasMessageContaining("ALTER ROLE app WITH PASSWORD '…' BOGUS")
                .hasMessageNotContaining("hush");
        assertThatThrownBy(() -> RolesScript.parse("ALTER ROLE app WITH PASSWORD 'hush"))
                .hasMessageNotContaining("hush");
    }
}
