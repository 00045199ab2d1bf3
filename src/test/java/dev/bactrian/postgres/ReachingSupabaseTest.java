package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.problem.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure to connect means at an address of Supabase's. */
class ReachingSupabaseTest {

    private static final String FORM =
            "postgresql://postgres.abcdefghijklmnopqrst:***@aws-0-<region>.pooler.supabase.com:5432/postgres";
    private static final DatabaseUrl DIRECT =
            DatabaseUrl.parse("postgresql://postgres:hush@db.abcdefghijklmnopqrst.supabase.co:5432/postgres");
    private static final DatabaseUrl POOLER = DatabaseUrl.parse(
            "postgresql://postgres.abcdefghijklmnopqrst:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
    private static final DatabaseUrl OTHER = DatabaseUrl.parse("postgresql://backup:hush@db.example.com:5432/shop");

    @Test
    void withoutIPv6TheDirectHostIsOutOfReach() {
        for (IOException network : List.of(
                new ConnectException("Network is unreachable"),
                new ConnectException("Cannot assign requested address"),
                new SocketException("Protocol family unavailable"),
                new NoRouteToHostException("No route to host"),
                new SocketTimeoutException("Connect timed out"))) {
            Problem problem = explain(DIRECT, network);

            assertThat(problem.text())
                    .as(network.toString())
                    .isEqualTo("The host db.abcdefghijklmnopqrst.supabase.co can't be reached from this machine: the "
                            + "direct connection of a Supabase project has only an IPv6 address, unless the "
                            + "project has the IPv4 add-on."
                            + " Use the session pooler; copy it from the project's dashboard (Connect, "
                            + "Session pooler): "
                            + FORM);
        }
    }

    @Test
    void anUnknownDirectHostMayBeAnotherProjectsOrHaveNoIPv4Address() {
        assertThat(explain(DIRECT, new UnknownHostException("db.abcdefghijklmnopqrst.supabase.co"))
                        .text())
                .isEqualTo("The host db.abcdefghijklmnopqrst.supabase.co isn't found from this machine: no project "
                        + "has the ref abcdefghijklmnopqrst, or this machine looks up only IPv4 addresses, and the "
                        + "direct connection of a Supabase project has none without the IPv4 add-on."
                        + " Use the session pooler; copy it from the project's dashboard (Connect, Session pooler): "
                        + FORM);
    }

    @Test
    void anUnknownPoolerIsAMisspeltRegion() {
        assertThat(explain(POOLER, new UnknownHostException("aws-0-eu-west-1.pooler.supabase.com"))
                        .text())
                .isEqualTo(
                        "The host aws-0-eu-west-1.pooler.supabase.com isn't found: Supabase has no pooler of that name."
                                + " Copy the string from the project's dashboard (Connect, Session pooler): the "
                                + "number and the region in the host are specific to the project.");
    }

    @Test
    void aRefusalIsAPausedProjectOrABan() {
        assertThat(explain(DIRECT, new ConnectException("Connection refused")).text())
                .isEqualTo(
                        "postgresql://postgres:***@db.abcdefghijklmnopqrst.supabase.co:5432/postgres refused the connection."
                                + " Check the project's dashboard: the project may be paused, or this machine's "
                                + "address banned for a while after wrong passwords (Database settings, Network "
                                + "bans).");
    }

    @Test
    void elsewhereItIsTheUsual() {
        assertThat(explain(OTHER, new UnknownHostException("db.example.com")).text())
                .contains("can't be reached")
                .doesNotContain("Supabase");
        assertThat(explain(POOLER, new ConnectException("Network is unreachable"))
                        .text())
                .contains("can't be reached")
                .doesNotContain("IPv6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FATAL: Tenant or user not found                                          | knows no such project",
                "FATAL: (ENOTFOUND) tenant/user postgres.abcdefghijklmnopqrst not found   | knows no such project",
                "FATAL: (ETENANTNOTFOUND) tenant or user not found                        | knows no such project",
                "FATAL: (ENOIDENTIFIER) no tenant identifier provided (external_id or sni_hostname required) | can't tell which project",
                "FATAL: (ECIRCUITBREAKER) Too many authentication errors                  | temporarily refuses all connections",
                "FATAL: (ESSLREQUIRED) SSL connection is required for user: postgres      | encrypted connections only",
                "FATAL: (EADDRNOTALLOWED) address not in tenant allow_list: {10, 0, 0, 1} | takes no connections from this machine",
                "FATAL: (EBANNED) tenant is banned: x                                     | has been banned",
                "FATAL: (EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15 | has no connection left",
                "FATAL: (EMAXCLIENTSESSION) max clients reached in session mode - max clients are limited to pool_size: 15 | has no connection left",
                "FATAL: (EMAXCONN) max client connections reached, limit: 200             | has no connection left",
                "FATAL: MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size | has no connection left",
                "FATAL: (ECHECKOUTTIMEOUT) Pool checkout timeout. Request was dropped after 60000ms in Session mode. | has no connection left",
            })
    void thePoolersOwnErrorsAreKnown(String said, String cause) {
        Problem problem = DatabaseErrors.connecting(POOLER, new SQLException(said, "XX000"))
                .problem();

        assertThat(problem.cause())
                .startsWith(cause.startsWith("has no") ? "postgresql://postgres.abc" : "The p")
                .contains(cause);
        assertThat(PoolerErrors.isFull(said)).isEqualTo(cause.startsWith("has no connection"));
        assertThat(problem.text()).doesNotContain("hush");
    }

    @Test
    void anUnknownProjectIsNotThePasswordsFault() {
        assertThat(DatabaseErrors.connecting(POOLER, new SQLException("FATAL: Tenant or user not found", "XX000"))
                        .getMessage())
                .isEqualTo(
                        "The pooler of postgresql://postgres.abcdefghijklmnopqrst:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres "
                                + "knows no such project."
                                + " Check the region in the host and the user, which is postgres.<project ref> at the "
                                + "pooler; the password isn't the reason. Copy both from the project's dashboard: "
                                + "Connect, Session pooler. The pooler doesn't know paused projects either.");
    }

    @Test
    void noConnectionLeftSaysWhereTheLimitIs() {
        assertThat(DatabaseErrors.connecting(POOLER, new SQLException("FATAL: (EMAXCONNSESSION) max clients", "XX000"))
                        .getMessage())
                .isEqualTo(
                        "postgresql://postgres.abcdefghijklmnopqrst:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres has no connection "
                                + "left."
                                + " Close other connections to it, lower BACKUP_PARALLELISM, or raise the server's "
                                + "connection limit. Supabase's session pooler has as many as the Pool Size in the "
                                + "dashboard's database settings.");
    }

    private static Problem explain(DatabaseUrl url, IOException network) {
        SQLException failure = new SQLException("The connection attempt failed.", "08001", network);
        return DatabaseErrors.connecting(url, failure).problem();
    }
}
