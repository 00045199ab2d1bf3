package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQLSTATEs mean to the person who reads error_text. */
class DatabaseErrorsTest {

    private final DatabaseUrl url = new DatabaseUrl("db.example.com", 5432, "shop", "backup", "hush", Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "28P01 | password authentication failed | percent-encode special characters",
                "28000 | role \"x\" is not permitted to log in | Check user and password",
                "28000 | no pg_hba.conf entry for host \"10.1.1.1\", user \"b\", database \"d\", SSL encryption | Add "
                        + "such a line",
                "28000 | no pg_hba.conf entry for host \"10.1.1.1\", user \"b\", database \"d\", no encryption | ?sslmode=require",
                "28000 | connection requires a valid client certificate | Add sslcert=<path> and sslkey=<path>",
                "28000 | certificate authentication failed for user \"b\" | whose CN is the user's name",
                "53200 | out of shared memory           | Raise max_locks_per_transaction",
                "53200 | out of memory                  | ./bactrian check",
                "XX000 | invalid memory alloc request size 1258291203 | BACKUP_EXCLUDE_TABLE_DATA=schema.table",
                "54000 | out of memory Detail: Cannot enlarge string buffer containing 5 bytes by 1073741822 more bytes. | FORMAT binary",
                "40001 | canceling statement due to conflict with recovery | raise max_standby_streaming_delay",
                "57P01 | terminating connection due to conflict with recovery | raise max_standby_streaming_delay",
                "08006 | SSL error: PKIX path building failed | sslrootcert=<path>",
                "08006 | The hostname db could not be verified by hostnameverifier PgjdbcHostnameVerifier. | as the certificate has it",
                "08006 | Could not open SSL root certificate file /x. | Correct sslrootcert",
                "08001 | Could not find a server with specified targetServerType: primary | target_session_attrs",
                "25006 | read-only transaction          | set CONTROL_DATABASE_URL to a database that takes writes",
                "3D000 | database does not exist        | Correct the database's name",
                "53300 | too many connections           | lower BACKUP_PARALLELISM",
                "42501 | permission denied for table x  | GRANT pg_read_all_data",
                "25006 | read-only transaction          | ALTER DATABASE … RESET default_transaction_read_only",
                "25006 | read-only transaction          | it is a standby: use its primary",
                "55P03 | lock timeout                   | pg_stat_activity",
                "57P01 | terminating connection         | Wait until the server is up",
                "57P03 | the system is starting up      | Wait until the server is up",
                "08001 | Connection refused             | Check the host, the port and the network",
                "08006 | An I/O error occurred          | Check the host, the port and the network",
                "XX000 | Tenant or user not found       | postgres.<project ref>",
                "XX000 | cache lookup failed            | ./bactrian check",
            })
    void aStateHasItsRemedy(String state, String message, String remedy) {
        ProblemException failure = DatabaseErrors.connecting(url, new SQLException(message, state));

        assertThat(failure.problem().remedy()).contains(remedy);
        assertThat(failure.problem().consequence()).isNull();
        assertThat(failure.getMessage()).doesNotContain("hush");
    }

    @Test
    void onlyTheFirstLineIsShown() {
        SQLException failure = new SQLException("ERROR: no such column.\n  Detail: row (4711, secret)", "42703");

        assertThat(new DatabaseErrors().explain(failure))
                .get()
                .extracting(Problem::cause)
                .isEqualTo("The database answered with an error (SQLSTATE 42703): ERROR: no such column.");
    }

    @Test
    void anErrorWithoutStateOrMessageIsExplainedToo() {
        assertThat(new DatabaseErrors().explain(new SQLException())).isPresent();
    }

    @Test
    void whatIsNoDatabasesErrorIsLeftToOthers() {
        assertThat(new DatabaseErrors().explain(new IOException("x"))).isEmpty();
    }
}
