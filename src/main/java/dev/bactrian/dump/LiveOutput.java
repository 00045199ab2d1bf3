package dev.bactrian.dump;

import dev.bactrian.backup.StoppableRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running program's stdout. Its end is only reported when the program exited with 0; any other exit is an exception
 * that says what the program printed. Closing it early ends the program.
 */
final class LiveOutput extends InputStream {

    private static final int MOST_STDERR = 16_384;
    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final String program;
    private final StoppableRun.Work work;
    private final StringBuilder stderr = new StringBuilder();
    private final Thread stderrReader;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean whole;
    /** System.nanoTime() since when a read waits; null while nobody reads. */
    private volatile @Nullable Long waitingSince;

    private volatile @Nullable Duration stalledFor;
    private volatile @Nullable IOException inputFailure;
    private Runnable whenEnded = () -> {};
    private Consumer<String> warned = warning -> {};

    private LiveOutput(Process process, String executable, StoppableRun.Work work) {
        this.process = process;
        this.program = String.valueOf(Path.of(executable).getFileName());
        this.work = work;
        this.stderrReader = new Thread(this::readStderr, program + "-stderr");
        this.stderrReader.setDaemon(true);
    }

    static LiveOutput of(Process process, String executable, StoppableRun.Work work) {
        LiveOutput output = new LiveOutput(process, executable, work);
        output.stderrReader.start();
        return output;
    }

    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            int count = process.getInputStream().read(bytes, offset, length);
            if (count < 0) {
                end();
            }
            return count;
        } finally {
            waitingSince = null;
        }
    }

    void whenWarned(Consumer<String> action) {
        warned = action;
    }

    /** How long a reader has waited for more by now. */
    Duration waitedFor(long now) {
        Long since = waitingSince;
        return since == null ? Duration.ZERO : Duration.ofNanos(now - since);
    }

    /** Ends the program; whoever waits for its output learns why. */
    void endStalled(Duration longest) {
        stalledFor = longest;
        kill();
    }

    /** Ends the program because what it should read broke off; whoever reads its output learns that, not what it said. */
    void endForWantOfInput(IOException why) {
        // A program that has ended by itself closes its input: then its exit code says why.
        if (process.isAlive()) {
            inputFailure = why;
            kill();
        }
    }

    private void end() throws IOException {
        if (!ended.compareAndSet(false, true)) {
            if (!whole) {
                throw new IOException(program + " was ended, or failed, before its output was whole");
            }
            return;
        }
        try {
            int exit = process.waitFor();
            stderrReader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            IOException withoutInput = inputFailure;
            if (withoutInput != null) {
                throw withoutInput;
            }
            Duration stalled = stalledFor;
            if (stalled != null) {
                throw PgErrors.stalled(program, stalled);
            }
            if (exit != 0) {
                throw PgErrors.exited(program, exit, printed());
            }
            whole = true;
            PgErrors.warnings(printed()).forEach(warned);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + program, e);
        } finally {
            whenEnded.run();
            work.close();
        }
    }

    /** Ends the program because its backup has been stopped. */
    void abort() {
        try {
            close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    /** First by asking, then for good. */
    private void kill() {
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

    @Override
    public void close() throws IOException {
        if (ended.compareAndSet(false, true)) {
            kill();
            process.getInputStream().close();
            whenEnded.run();
            work.close();
        }
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

    private String printed() {
        synchronized (stderr) {
            return stderr.toString();
        }
    }
}
