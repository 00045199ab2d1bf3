package dev.bactrian.testing.servers;

import dev.bactrian.testing.BactrianService;
import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real PgBouncer of this machine before a server of the tests, where there is one. */
public final class PgBouncer implements AutoCloseable {

    private static final Path PROGRAM = Stream.of(
                    "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("/usr/sbin/pgbouncer"));

    private final Process process;
    private final int port;

    private PgBouncer(int target, List<String> settings) throws IOException, InterruptedException {
        this.port = BactrianService.freePort();
        Path folder = TemporaryFiles.folder("pgbouncer");
        Path file = folder.resolve("pgbouncer.ini");
        Files.writeString(
                file,
                "[databases]\n* = host=127.0.0.1 port=" + target
                        + " user=postgres\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
                        + "listen_port=" + port + "\nauth_type=any\nunix_socket_dir=\n"
                        + settings.stream().map(setting -> setting + "\n").collect(Collectors.joining()));
        folder.toFile().setReadable(true, false);
        folder.toFile().setExecutable(true, false);
        file.toFile().setReadable(true, false);
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), file.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            // It doesn't run as root.
            command.addAll(1, List.of("-u", "nobody"));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (process.isAlive() && !answers()) {
            Thread.onSpinWait();
        }
        if (!process.isAlive()) {
            throw new IOException("PgBouncer ended with " + process.waitFor());
        }
    }

    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Starts one.
     *
     * @param settings lines of its section {@code pgbouncer}
     */
    public static PgBouncer before(int target, String... settings) {
        try {
            return new PgBouncer(target, List.of(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
