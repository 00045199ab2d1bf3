package dev.bactrian.postgres.program;

import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.postgres.DatabaseRun;
import dev.bactrian.postgres.PoolerErrors;
import dev.bactrian.run.StoppableRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the processes of {@code exec:} steps. They inherit nothing of this service's environment but what finding
 * libraries and a home needs, speak English, and end with the backup they belong to.
 */
public final class ProcessRunner implements ExecCommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessRunner.class);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH");

    private final StallWatch stalls;
    private final Function<StoppableRun, ConnectionRetry> retry;

    public ProcessRunner(StallWatch stalls) {
        this(stalls, ConnectionRetry::of);
    }

    /**
     * Prepares a runner.
     *
     * @param retry where a server has no connection left for a program
     */
    ProcessRunner(StallWatch stalls, Function<StoppableRun, ConnectionRetry> retry) {
        this.stalls = stalls;
        this.retry = retry;
    }

    @Override
    public ExecResult execute(ExecCommand command) throws IOException {
        PgCommand own = (PgCommand) command;
        DatabaseRun run = own.run();
        if (run.isStopped()) {
            throw new IOException("The program was stopped");
        }
        StoppableRun.Work work = run.beginWork();
        try {
            InputStream input = command.getInput();
            String script = own.script();
            // What a program has read from its input is gone; a script can be written again.
            LiveOutput output = input == null
                    ? LiveOutput.of(
                            () -> script == null ? startWithoutInput(command) : startWithScript(command, script),
                            command.getExecutable(),
                            work,
                            retry.apply(run).begin(run.getDatabase().url().toString()),
                            errors -> PoolerErrors.isFull(
                                    errors, run.getDatabase().url()))
                    : LiveOutput.of(() -> start(command), command.getExecutable(), work, null, errors -> false);
            Runnable stoppable = run.onStop(cause -> output.abort());
            Runnable watched = own.printing() ? stalls.watch(output) : () -> {};
            output.whenEnded(() -> {
                stoppable.run();
                watched.run();
            });
            output.whenWhole(own.output().isHashed(), sha256 -> own.output().whole(run, sha256));
            output.whenWarned(warning -> {
                LOG.warn("{}: {}", run, warning);
                run.warn(warning);
            });
            if (input != null) {
                feed(output, input);
            }
            return new ExecResult(command, output, null, 0);
        } catch (IOException | RuntimeException e) {
            work.close();
            throw e;
        }
    }

    private static Process start(ExecCommand command) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(command.getExecutable());
        words.addAll(command.getArgs());
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        // Else the times in the rows would be in a zone of the server's, and couldn't be compared with another's.
        environment.put("PGTZ", "UTC");
        // pg_dumpall leaves it to the server: when a password ends could be read as another day.
        environment.put("PGDATESTYLE", "ISO");
        return builder.start();
    }

    private static Process startWithoutInput(ExecCommand command) throws IOException {
        Process process = start(command);
        process.getOutputStream().close();
        return process;
    }

    private static Process startWithScript(ExecCommand command, String script) throws IOException {
        Process process = start(command);
        // A pipe doesn't take all of a long one before the program reads.
        thread("feed-script", () -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(script.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The program ended before it had read all: its exit code says why.
                LOG.debug("{} didn't read its script to the end", command.getExecutable(), e);
            }
        });
        return process;
    }

    /** Gives the program what it reads on stdin, from a thread of its own: meanwhile somebody reads what it prints. */
    private static void feed(LiveOutput output, InputStream input) {
        thread("feed-program", () -> {
            try (input;
                    OutputStream stdin = output.stdin()) {
                input.transferTo(stdin);
            } catch (IOException e) {
                output.endForWantOfInput(e);
            }
        });
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
