package dev.bactrian.postgres.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pg_dump prints when it fails becomes one sentence and a remedy, without the query it ran. */
class PgErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aborting because of server version mismatch                          | Install a pg_dump",
                "FATAL:  password authentication failed for user \"x\"                | Check user and password",
                "no matching tables were found                                        | Start the backup again",
                "query failed: ERROR:  relation \"public.t\" does not exist           | dropped or renamed",
                "query failed: ERROR:  permission denied for table t                  | GRANT pg_read_all_data",
                "query would be affected by row-level security policy for table \"t\" | BYPASSRLS",
                "query failed: ERROR:  canceling statement due to lock timeout        | pg_stat_activity",
                "query failed: ERROR:  invalid snapshot identifier: \"x\"             | idle connections",
                "FATAL:  terminating connection due to administrator command          | server is up and stable",
                "connection to server at \"h\" (10.0.0.1), port 5432 failed: refused  | server is up and stable",
                "query failed: ERROR:  out of shared memory                           | Raise max_locks_per_transaction",
                "Dumping the contents of table \"t\" failed: ERROR:  invalid memory alloc request size 1258291203 | BACKUP_EXCLUDE_TABLE_DATA",
                "query failed: ERROR:  canceling statement due to conflict with recovery | raise max_standby_streaming_delay",
                "FATAL:  terminating connection due to conflict with recovery         | raise max_standby_streaming_delay",
                "connection to server at \"h\", port 5432 failed: SSL error: certificate verify failed | sslrootcert=<path>",
                "connection to server at \"h\" failed: FATAL:  connection requires a valid client certificate | Add sslcert=<path>",
                "connection to server at \"h\" failed: server certificate for \"a\" does not match host name \"h\" | as the certificate has it",
                "private key file \"/k\" has group or world access; file must have permissions u=rw | chmod 600",
                "could not write to output file: No space left on device              | WORK_DIR",
                "something that nobody has seen before                                | ./bactrian check",
            })
    void aKnownErrorHasItsRemedy(String printed, String remedy) {
        Problem problem = PgErrors.exited("pg_dump", 1, "pg_dump: error: " + printed + "\n")
                .problem();

        assertThat(problem.remedy()).contains(remedy);
        assertThat(problem.cause())
                .startsWith("pg_dump failed with exit code 1: ")
                .contains(printed.strip());
        assertThat(problem.consequence()).isNull();
    }

    @Test
    void theTextIsOneLineWithoutTheProgramsPrefixes() {
        assertThat(
                        cause(
                                """
                        pg_dump: error: query failed: ERROR:  permission denied for table card
                        pg_dump: detail: some detail
                        pg_dump: hint: some hint.
                        """))
                .isEqualTo("pg_dump failed with exit code 1: query failed: ERROR:  permission denied for table card;"
                        + " some detail; some hint.");
    }

    @Test
    void theQueryIsNeverShown() {
        assertThat(
                        cause(
                                """
                        pg_dump: error: query failed: ERROR:  permission denied for table card
                        pg_dump: detail: Query was: COPY billing.card (number, cvc) TO stdout;
                        """))
                .doesNotContain("Query was", "cvc")
                .endsWith("permission denied for table card.");
        assertThat(
                        cause(
                                """
                        pg_restore: error: could not execute query: ERROR:  syntax error
                        Command was: CREATE TABLE hush (x int);
                        """))
                .doesNotContain("hush");
    }

    /** Most of pg_dump's own queries are of several lines. */
    @Test
    void aQueryOfSeveralLinesIsNotShownEither() {
        assertThat(
                        cause(
                                """
                        pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout
                        pg_dump: detail: Query was: SELECT hush1
                        FROM hush2 WHERE a = 'x'
                          AND hush3 = 1;
                        pg_dump: hint: try later
                        """))
                .doesNotContain("hush")
                .contains("lock timeout; try later.")
                .endsWith("It waited for a table's lock as long as --lock-wait-timeout allows.");
    }

    @Test
    void whatPsqlShowsOfAScriptIsNotShown() {
        assertThat(PgErrors.exited(
                                "psql",
                                3,
                                """
                        ERROR:  column "hush" does not exist
                        LINE 1: COPY (SELECT "hush" FROM ONLY "public"."t" WHERE ctid >= '(...
                                             ^
                        HINT:  Perhaps you meant another.
                        """)
                        .problem()
                        .cause())
                .isEqualTo("psql failed with exit code 3: column \"hush\" does not exist; HINT:  Perhaps you meant"
                        + " another.");
        assertThat(PgErrors.exited("psql", 3, "ERROR:  canceling statement due to lock timeout\n")
                        .problem()
                        .cause())
                .endsWith("It waited for a table's lock as long as --set=lock_timeout allows.");
    }

    @Test
    void aProgramThatSaidNothingIsReportedByItsExitCode() {
        ProblemException failure = PgErrors.exited("pg_dumpall", 137, "");

        assertThat(failure.problem().cause()).isEqualTo("pg_dumpall failed with exit code 137.");
        assertThat(failure.problem().remedy()).isNotBlank();
    }

    @Test
    void anEndlessComplaintIsShortened() {
        assertThat(cause("x".repeat(10_000))).hasSizeLessThan(700).endsWith("….");
    }

    private static String cause(String printed) {
        return PgErrors.exited("pg_dump", 1, printed).problem().cause();
    }
}
