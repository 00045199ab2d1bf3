package dev.bactrian.testing.servers;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.TemporaryFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipFile;

/**
 * A real PostgreSQL server of one major version, started when a test first asks for it and shared by all tests of the
 * run. The superuser {@code postgres} needs no password; every other role needs one.
 */
public enum PostgresServer {
    V15,
    V17,
    V18;

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private EmbeddedPostgres server;

    public int major() {
        return Integer.parseInt(name().substring(1));
    }

    /** The folder of the oldest client programs among those the build fetches that can read this server. */
    public Path client() {
        return BactrianService.client(Math.max(major(), 17));
    }

    /** Settings that back up one of its databases. */
    public Map<String, String> settings(TestDatabase source) {
        return Map.of("DATABASE_URL", source.url(), "PG_BIN", client().toString());
    }

    public synchronized int port() {
        if (server == null) {
            try {
                server = builder()
                        .setDataDirectory(TemporaryFiles.folder("postgres").resolve("data"))
                        .setCleanDataDirectory(false)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            TemporaryFiles.beforeTheirEnd(this::stop);
        }
        return server.getPort();
    }

    /** A server for one test alone, which may be stopped and started by it. */
    public EmbeddedPostgres start(int port) {
        try {
            return (port == 0 ? builder() : builder().setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A server of one test's own with settings of its own.
     *
     * @param settings names and values in turn
     */
    public EmbeddedPostgres start(int port, List<String> settings) {
        try {
            EmbeddedPostgres.Builder builder = port == 0 ? builder() : builder().setPort(port);
            for (int i = 0; i < settings.size(); i += 2) {
                builder.setServerConfig(settings.get(i), settings.get(i + 1));
            }
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedPostgres.Builder builder() throws IOException {
        Path hba = TemporaryFiles.file("pg_hba", ".conf");
        Files.writeString(hba, access("postgres"));
        hba.toFile().setReadable(true, false);
        return EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, machine) -> binaries())
                .setServerConfig("hba_file", hba.toString())
                .setServerConfig("max_connections", "120")
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                // It would look at each of hundreds of databases every minute.
                .setServerConfig("autovacuum_naptime", "1h")
                .setRegisterShutdownHook(false);
    }

    /** A pg_hba.conf that lets one role in without a password. */
    public static String access(String superuser) {
        return "host all " + superuser + " 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\nhost all "
                + superuser + " ::1/128 trust\nhost all all ::1/128 scram-sha-256\n";
    }

    private InputStream binaries() throws IOException {
        Path jar = Path.of("target/test-servers/postgres-" + major() + ".jar");
        ZipFile zip = new ZipFile(jar.toFile());
        return zip.getInputStream(zip.stream()
                .filter(entry -> entry.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow());
    }

    private synchronized void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new, empty database of a name that no other test uses. */
    public TestDatabase createDatabase() {
        return createDatabase("UTF8");
    }

    /** The same in another encoding. */
    public TestDatabase createDatabase(String encoding) {
        String name =
                "t" + COUNTER.incrementAndGet() + "_" + ProcessHandle.current().pid();
        TestDatabase database = new TestDatabase(port(), name);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port() + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0 STRATEGY file_copy ENCODING '" + encoding
                    + "'" + ("UTF8".equals(encoding) ? "" : " LC_COLLATE 'C' LC_CTYPE 'C'"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database;
    }
}
