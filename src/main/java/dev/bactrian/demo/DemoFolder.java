package dev.bactrian.demo;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The demonstration's folder, held by one process at a time. The system drops the lock when that dies, however it dies. */
public final class DemoFolder implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final FileChannel lock;

    private DemoFolder(FileChannel lock) {
        this.lock = lock;
    }

    /**
     * Takes the folder, and ends the PostgreSQL that a killed demonstration left running in it.
     *
     * @throws ProblemException when another demonstration has it
     */
    public static DemoFolder take(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock();
        if (free == null) {
            channel.close();
            throw new ProblemException(
                    new Problem(
                            "Another demo is running in " + folder + " already.",
                            "This one was not started.",
                            "Use the running one, stop it with Ctrl-C, or give this one its own folder and ports: "
                                    + "./bactrian demo --help"),
                    null);
        }
        endOrphan(folder.resolve("postgres").resolve("postmaster.pid"));
        return new DemoFolder(channel);
    }

    private static void endOrphan(Path pidFile) throws IOException, InterruptedException {
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> orphan =
                lines.isEmpty() || !lines.get(0).strip().matches("\\d{1,9}")
                        ? Optional.empty()
                        : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
        boolean postgres = orphan.flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
        if (postgres) {
            orphan.get().destroy();
            try {
                orphan.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                orphan.get().destroyForcibly();
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
