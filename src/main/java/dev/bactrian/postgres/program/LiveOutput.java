package dev.bactrian.postgres.program;

import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.run.StoppableRun;
import dev.bactrian.support.BulkInputStream;
import dev.bactrian.support.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A running program's stdout. Its end is only reported when the program exited with 0; any other exit is an exception
 * that says what the program printed. Closing it early ends the program. One that got no connection, and so printed
 * nothing, is started again after a pause. Its bytes go to one reader: see {@link SavedOutput}.
 */
public final class LiveOutput extends BulkInputStream {

    private final Launch launch;
    private final String program;
    private final StoppableRun.Work work;
    private final ConnectionRetry.@Nullable Waiting waiting;
    private final Predicate<String> full;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean whole;
    private volatile RunningProgram running;
    private volatile boolean printed;
    private boolean touched;
    private boolean claimed;
    /** System.nanoTime() since when a read waits; null while nobody reads. */
    private volatile @Nullable Long waitingSince;

    private volatile @Nullable Duration stalledFor;
    private volatile @Nullable IOException inputFailure;
    private Runnable whenEnded = () -> {};
    private Consumer<String> warned = warning -> {};
    private PgOutput.WhenWhole whenWhole = sha256 -> {};
    private @Nullable MessageDigest digest;

    /** Starts the program. */
    @FunctionalInterface
    interface Launch {
        Process start() throws IOException;
    }

    private LiveOutput(
            Launch launch,
            String executable,
            StoppableRun.Work work,
            ConnectionRetry.@Nullable Waiting waiting,
            Predicate<String> full)
            throws IOException {
        this.full = full;
        this.launch = launch;
        this.program = String.valueOf(Path.of(executable).getFileName());
        this.work = work;
        this.waiting = waiting;
        this.running = new RunningProgram(launch.start(), program);
    }

    /**
     * Starts a program.
     *
     * @param waiting for a connection where the server has none left; null for a program that can't be started again
     * @param full whether what a program printed on stderr says that there was none
     */
    static LiveOutput of(
            Launch launch,
            String executable,
            StoppableRun.Work work,
            ConnectionRetry.@Nullable Waiting waiting,
            Predicate<String> full)
            throws IOException {
        return new LiveOutput(launch, executable, work, waiting, full);
    }

    /** What the program reads. */
    OutputStream stdin() {
        return running.stdin();
    }

    /** From now on only {@link #take} reads; false where something was read, or is being read, already. */
    synchronized boolean claim() {
        boolean free = !touched && !claimed && !ended.get();
        claimed |= free;
        return free;
    }

    void whenWhole(boolean hashed, PgOutput.WhenWhole action) {
        digest = hashed ? Sha256.begin() : null;
        whenWhole = action;
    }

    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        synchronized (this) {
            if (claimed) {
                throw new IOException("What " + program + " prints is read by another step");
            }
            touched = true;
        }
        return take(bytes, offset, length);
    }

    int take(byte[] bytes, int offset, int length) throws IOException {
        int count = next(bytes, offset, length);
        while (count < 0 && startsAgain()) {
            count = next(bytes, offset, length);
        }
        if (count < 0) {
            end();
        }
        if (count > 0) {
            printed = true;
            if (digest != null) {
                digest.update(bytes, offset, count);
            }
        }
        return count;
    }

    private int next(byte[] bytes, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            return running.stdout().read(bytes, offset, length);
        } finally {
            waitingSince = null;
        }
    }

    /** Only a program of which nobody has read anything can begin anew as if nothing had been. */
    private boolean startsAgain() throws IOException {
        ConnectionRetry.Waiting retry = waiting;
        if (printed || retry == null || ended.get()) {
            return false;
        }
        try {
            if (running.exit() == 0 || !full.test(running.errors()) || !retry.again()) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        synchronized (this) {
            if (ended.get()) {
                return false;
            }
            running = new RunningProgram(launch.start(), program);
        }
        return true;
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
        running.kill();
    }

    /** Ends the program because what it should read broke off; whoever reads its output learns that, not what it said. */
    void endForWantOfInput(IOException why) {
        // A program that has ended by itself closes its input: then its exit code says why.
        if (running.isAlive()) {
            inputFailure = why;
            running.kill();
        }
    }

    private void end() throws IOException {
        if (!ended.compareAndSet(false, true)) {
            if (!whole) {
                throw new IOException(program + " ended or failed before its output was complete");
            }
            return;
        }
        try {
            int exit = running.exit();
            IOException withoutInput = inputFailure;
            if (withoutInput != null) {
                throw withoutInput;
            }
            Duration stalled = stalledFor;
            if (stalled != null) {
                throw PgErrors.stalled(program, stalled);
            }
            if (exit != 0) {
                throw PgErrors.exited(program, exit, running.errors());
            }
            whenWhole.whole(digest == null ? "" : Sha256.hex(digest));
            whole = true;
            PgErrors.warnings(running.errors()).forEach(warned);
        } catch (InterruptedException e) {
            running.kill();
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
            running.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        RunningProgram last;
        synchronized (this) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            last = running;
        }
        last.kill();
        last.stdout().close();
        whenEnded.run();
        work.close();
    }
}
