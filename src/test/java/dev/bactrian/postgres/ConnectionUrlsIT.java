package dev.bactrian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.postgres.socket.UnixSocket;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.TemporaryFiles;
import dev.bactrian.testing.keys.CertificateAuthority;
import dev.bactrian.testing.servers.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection strings as providers give them, by the driver and by libpq's programs alike, on a server that wants encryption. */
class ConnectionUrlsIT {

    private static final CertificateAuthority CERTIFICATES = new CertificateAuthority()
            .issue("server", "RSA", "ip:127.0.0.1,ip:::1")
            .issue("postgres", "RSA", "")
            .issue("curve", "EC", "")
            .issue("stranger", "RSA", "");
    private static final CertificateAuthority OTHERS = new CertificateAuthority();

    private static EmbeddedPostgres server;
    private static Path sockets;

    @BeforeAll
    static void start() throws IOException, SQLException {
        // A path that is short enough for a socket (sockaddr_un has 108 bytes).
        sockets = Files.createTempDirectory("bs");
        sockets.toFile().setWritable(true, false);
        sockets.toFile().setReadable(true, false);
        sockets.toFile().setExecutable(true, false);
        Path hba = TemporaryFiles.file("pg_hba", ".conf");
        Files.writeString(
                hba,
                "local all all trust\nhostssl all pw all scram-sha-256\nhostssl all postgres,curve,stranger all cert\n"
                        + "hostnossl all postgres all trust\n");
        hba.toFile().setReadable(true, false);
        server = PostgresServer.V17.start(
                0,
                List.of(
                        "hba_file", hba.toString(),
                        "ssl", "on",
                        "ssl_cert_file", CERTIFICATES.certificateOf("server").toString(),
                        "ssl_key_file", CERTIFICATES.keyOf("server").toString(),
                        "ssl_ca_file", CERTIFICATES.authority().toString(),
                        "unix_socket_directories", sockets.toString(),
                        "listen_addresses", "127.0.0.1,::1"));
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE pw LOGIN SUPERUSER PASSWORD 'x'; CREATE ROLE curve LOGIN SUPERUSER");
            statement.execute("CREATE TABLE seen (i int)");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres@127.0.0.1:PORT/postgres?sslmode=verify-full&sslrootcert=CA&sslcert=postgres.crt&sslkey=postgres.key",
                "postgres@[::1]:PORT/postgres?sslmode=verify-full&sslrootcert=CA&sslcert=postgres.crt&sslkey=postgres.key",
                "curve@127.0.0.1:PORT/postgres?sslmode=verify-ca&sslrootcert=CA&sslcert=curve.crt&sslkey=curve.key",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&channel_binding=require",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&channel_binding=disable&gssencmode=disable",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&target_session_attrs=read-write",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&target_session_attrs=primary",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&target_session_attrs=prefer-standby",
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&options=-c%20search_path%3Dpg_temp%20-c%20work_mem%3D1MB",
                "postgres@SOCKETS:PORT/postgres",
                "postgres@:PORT/postgres?host=SOCKETS&sslmode=require",
                "/postgres?host=SOCKETS&user=postgres&port=PORT",
            })
    void bothConnect(String form) throws Exception {
        DatabaseUrl url = url(form);

        SessionMode.prove(url, SessionMode.Need.BACKUP, ConnectionRetry.none());
        try (Snapshot snapshot = Snapshot.export(url, ConnectionRetry.none());
                Connection other = Snapshot.importInto(url, snapshot.getId(), false, ConnectionRetry.none());
                Statement statement = other.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM public.seen")) {
            assertThat(row.next()).isTrue();
        }
        assertThat(dump(url)).contains("CREATE TABLE public.seen");
        assertThat(program(url, "psql", "--no-psqlrc", "--no-password", "--command=TABLE public.seen"))
                .contains("(0 rows)");
    }

    @Test
    void whatIsWrongWithCertificatesIsNamedWithItsRemedy() {
        assertRefused("postgres@127.0.0.1:PORT/postgres?sslmode=require", "Add sslcert=<path> and sslkey=<path>");
        assertRefused(
                "postgres@127.0.0.1:PORT/postgres?sslmode=require&sslcert=stranger.crt&sslkey=stranger.key",
                "whose CN is the user's name");
        assertRefused("pw:x@127.0.0.1:PORT/postgres?sslmode=verify-full&sslrootcert=OTHERS", "sslrootcert=<path>");
        // As libpq, which verifies where it is given an authority.
        assertRefused("pw:x@127.0.0.1:PORT/postgres?sslmode=require&sslrootcert=OTHERS", "sslrootcert=<path>");
        assertRefused("pw:x@127.0.0.1:PORT/postgres?sslrootcert=system", "sslrootcert=<path>");
        assertRefused("pw:x@127.0.0.1:PORT/postgres?sslmode=verify-ca&sslrootcert=/none.crt", "Correct sslrootcert");
        assertRefused("pw:x@localhost:PORT/postgres?sslmode=verify-full&sslrootcert=CA", "as the certificate has it");
        assertRefused("pw:x@127.0.0.1:PORT/postgres?sslmode=disable", "?sslmode=require");
        assertRefused(
                "pw:x@127.0.0.1:PORT/postgres?sslmode=require&target_session_attrs=standby", "target_session_attrs");
        assertRefused("postgres@/postgres?host=/nowhere&port=PORT", "the socket's file is <folder>/.s.PGSQL.<port>");
    }

    @Test
    void ipv4OnlyTakesNoOtherAddressOfAName() throws Exception {
        DatabaseUrl url = url("pw:x@localhost:PORT/postgres?sslmode=require").overIpv4();

        try (Connection connection = java.sql.DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_client_addr())")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("127.0.0.1");
        }
        assertThat(dump(url)).contains("CREATE TABLE public.seen");
        assertThatThrownBy(() -> Snapshot.export(url("pw:x@[::1]:PORT/postgres").overIpv4(), ConnectionRetry.none()))
                .hasMessageContaining("no IPv4 address");
    }

    @Test
    void aSocketObeysTimeouts() throws Exception {
        Path file = sockets.resolve(".s.PGSQL.1");
        try (var silent = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            silent.bind(java.net.UnixDomainSocketAddress.of(file));
            UnixSocket socket = UnixSocket.connect(file.toString());
            socket.setSoTimeout(50);

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            socket.close();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(java.net.SocketException.class);
        }
    }

    private static void assertRefused(String form, String remedy) {
        DatabaseUrl url = url(form);
        assertThatThrownBy(() -> SessionMode.proveReachable(url, SessionMode.Need.BACKUP, ConnectionRetry.none()))
                .as(form)
                .hasMessageContaining(remedy);
    }

    private static DatabaseUrl url(String form) {
        String port = Integer.toString(server.getPort());
        return DatabaseUrl.parse("postgresql://"
                + form.replace("PORT", port)
                        .replace("=CA", "=" + CERTIFICATES.authority())
                        .replace("=OTHERS", "=" + OTHERS.authority())
                        .replace("@SOCKETS", "@" + URLEncoder.encode(sockets.toString(), StandardCharsets.UTF_8))
                        .replace("SOCKETS", sockets.toString())
                        .replaceAll("sslcert=(\\w+)\\.crt", "sslcert=" + folder() + "/$1.crt")
                        .replaceAll("sslkey=(\\w+)\\.key", "sslkey=" + folder() + "/$1.key"));
    }

    private static Path folder() {
        return CERTIFICATES.authority().getParent();
    }

    private static String dump(DatabaseUrl url) throws IOException, InterruptedException {
        return program(url, "pg_dump", "--schema-only");
    }

    private static String program(DatabaseUrl url, String name, String... arguments)
            throws IOException, InterruptedException {
        Path passfile = TemporaryFiles.file("passfile", "");
        Files.writeString(passfile, url.passfileLine());
        List<String> command =
                new ArrayList<>(List.of(BactrianService.pg17().resolve(name).toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-d", url.conninfo(passfile.toString())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
