package dev.bactrian.postgres.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process, what it has printed on stderr, and how it is ended. */
final class RunningProgram {

    private static final int MOST_STDERR = 16_384;
    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final StringBuilder stderr = new StringBuilder();
    private final Thread stderrReader;

    RunningProgram(Process process, String name) {
        this.process = process;
        // From the start: a pipe that nobody empties would make the program wait for ever.
        this.stderrReader = new Thread(this::readStderr, name + "-stderr");
        this.stderrReader.setDaemon(true);
        this.stderrReader.start();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, and for the last it said. */
    int exit() throws InterruptedException {
        int exit = process.waitFor();
        stderrReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return exit;
    }

    String errors() {
        synchronized (stderr) {
            return stderr.toString();
        }
    }

    /** First by asking, then for good. */
    void kill() {
        // A pg_dump that is a script has the real one below it, which would go on, and hold its output open.
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        below.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            below.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    void destroyForcibly() {
        process.destroyForcibly();
    }

    private void readStderr() {
        byte[] buffer = new byte[1024];
        try (InputStream in = process.getErrorStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (stderr) {
                    if (stderr.length() < MOST_STDERR) {
                        stderr.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException e) {
            // The program is gone; what it said so far is all there is.
        }
    }
}
