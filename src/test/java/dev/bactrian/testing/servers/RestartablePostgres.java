package dev.bactrian.testing.servers;

import dev.bactrian.testing.BactrianService;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL 15 server of one test's own, which keeps its data and its port while it is stopped. */
public final class RestartablePostgres implements AutoCloseable {

    private final Path data = BactrianService.temporaryFolder().resolve("data");
    private final int port = BactrianService.freePort();
    private EmbeddedPostgres server;

    private RestartablePostgres() {
        start();
    }

    public static RestartablePostgres started() {
        return new RestartablePostgres();
    }

    /** The database that every server has. */
    public TestDatabase database() {
        return new TestDatabase(port, "postgres");
    }

    /** Starts it, with what it held when it was stopped. */
    public void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("fsync", "off")
                    .setRegisterShutdownHook(false)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
