package dev.bactrian.postgres.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bactrian.backup.BackupRun;
import dev.bactrian.postgres.ConnectionRetry;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.SampleRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of a backup: half an output must never look like a whole one, and none outlives its backup. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessRunnerTest {

    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH");

    private static final String FULL = "pg_dump: error: connection to server at x, port 5432 failed: FATAL:  "
            + "(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15";
    private static final ConnectionRetry SHORT =
            new ConnectionRetry(null, Duration.ofMillis(500), Duration.ofMillis(1));

    @TempDir
    private Path folder;

    private BackupRun run;

    @BeforeEach
    void begin() {
        run = SampleRun.in(folder);
    }

    @Test
    void theOutputIsTheStream() throws IOException {
        assertThat(read(shell("printf 'a\\nb'; printf '\\377'"))).isEqualTo(new byte[] {'a', '\n', 'b', (byte) 0xFF});
        assertNothingRuns();
    }

    @Test
    void aByteOf255IsNotTheEnd() throws IOException {
        try (InputStream output = shell("printf '\\377'")) {
            assertThat(output.read()).isEqualTo(0xFF);
            assertThat(output.read()).isEqualTo(-1);
            assertThat(output.read()).as("asked again").isEqualTo(-1);
        }
    }

    @Test
    void aFailedProgramHasNoEndButAnErrorWithWhatItPrinted() throws IOException {
        InputStream output = shell("echo some output; echo 'sh: error: permission denied for table card' >&2; exit 3");

        assertThatThrownBy(output::readAllBytes)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("sh failed with exit code 3: permission denied for table card.")
                .hasMessageContaining("GRANT");
        assertNothingRuns();
    }

    /** Somebody may catch the first error and read on. */
    @Test
    void aFailedProgramHasNoEndHoweverOftenItIsAsked() throws IOException {
        InputStream output = shell("exit 3");
        assertThatThrownBy(output::read).isInstanceOf(ProblemException.class);

        assertThatThrownBy(output::read).isInstanceOf(Exception.class);
    }

    @Test
    void aKilledProgramFailedEvenIfItHadNothingMoreToSay() throws IOException {
        InputStream output = shell("printf whole; kill -9 $$");

        assertThatThrownBy(output::readAllBytes)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("exit code 137");
    }

    /** A pipe that nobody empties would make the program wait for ever. */
    @Test
    void aFloodOfErrorsDoesNotBlockTheProgram() throws IOException {
        InputStream output = shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; printf done");

        assertThat(new String(read(output), UTF_8)).isEqualTo("done");
    }

    @Test
    void theEndOfABackupEndsItsPrograms() throws Exception {
        InputStream output = shell("echo $$; exec sleep 1000");
        ProcessHandle program = programOf(output);
        FutureTask<byte[]> reader = new FutureTask<>(output::readAllBytes);
        Thread thread = new Thread(reader);
        thread.start();

        run.stop(new IOException("another lane failed"));

        assertThat(program.onExit().get(5, TimeUnit.SECONDS).isAlive()).isFalse();
        assertThatThrownBy(() -> reader.get(5, TimeUnit.SECONDS))
                .as("what a stopped program printed is no whole output")
                .hasCauseInstanceOf(Exception.class);
    }

    @Test
    void aProgramThatWasStoppedBeforeAnybodyReadHasNoEndEither() throws Exception {
        InputStream output = shell("printf half; exec sleep 1000");

        run.stop(new IOException("another lane failed"));

        assertThatThrownBy(output::readAllBytes).isInstanceOf(Exception.class);
    }

    @Test
    void closingTheOutputEarlyEndsTheProgram() throws Exception {
        InputStream output = shell("echo $$; exec sleep 1000");
        ProcessHandle program = programOf(output);

        output.close();
        output.close();

        await().until(() -> !program.isAlive());
        assertNothingRuns();
    }

    @Test
    void aStoppedBackupStartsNothingMore() {
        run.stop(new IOException("x"));

        assertThatThrownBy(() -> shell("echo x > " + folder.resolve("started"))).isInstanceOf(IOException.class);
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void aProgramThatIsNotThereIsAnErrorAndHoldsNothingUp() {
        assertThatThrownBy(() -> start(folder.resolve("none").toString(), List.of()))
                .isInstanceOf(IOException.class);
        assertNothingRuns();
    }

    /** The service's environment holds every secret it was configured with. */
    @Test
    void theEnvironmentDoesNotLeak() throws IOException {
        assertThat(System.getenv().keySet())
                .as("or this test could not fail")
                .anyMatch(name -> !INHERITED.contains(name));

        Set<String> seen = new String(read(start("/usr/bin/env", List.of())), UTF_8)
                .lines()
                .collect(Collectors.toSet());

        assertThat(seen).contains("LC_ALL=C", "TZ=UTC", "PGTZ=UTC", "PGDATESTYLE=ISO");
        assertThat(seen.stream().map(line -> line.split("=", 2)[0]))
                .allMatch(name -> INHERITED.contains(name)
                        || Set.of("LC_ALL", "TZ", "PGTZ", "PGDATESTYLE").contains(name));
    }

    @Test
    void noShellReadsTheArguments() throws IOException {
        List<String> odd = List.of("--table=\"a b\".\"c;d\"", "$HOME", "`touch x`", "*", "", "a\nb", "'", "\\");

        String seen = new String(read(start("/usr/bin/printf", prepend("%s|", odd))), UTF_8);

        assertThat(seen.split("\\|", -1)).startsWith(odd.toArray(new String[0]));
    }

    @Test
    void nothingIsToBeReadFromStandardInput() throws IOException {
        assertThat(read(start("/bin/cat", List.of()))).isEmpty();
    }

    /** Nothing was read of it yet, so that it can begin anew as if nothing had been. */
    @Test
    void aProgramThatGotNoConnectionIsStartedAgain() throws IOException {
        assertThat(new String(read(shell(refusedTwice("exit 0"))), UTF_8)).isEqualTo("rows");
        assertThat(folder.resolve("tries")).hasContent("xxx");
        assertNothingRuns();
    }

    @Test
    void whatFailsAfterTheWaitIsTold() throws IOException {
        InputStream output = shell(refusedTwice("exit 3"));

        assertThatThrownBy(output::readAllBytes).hasMessageContaining("exit code 3");
        assertThat(folder.resolve("tries")).hasContent("xxx");
    }

    /** Its first rows are in the archive already. */
    @Test
    void aProgramThatHasPrintedIsNeverStartedAgain() throws IOException {
        InputStream output =
                shell("printf x >> " + folder.resolve("tries") + "; echo row; echo '" + FULL + "' >&2; exit 1");

        assertThatThrownBy(output::readAllBytes).isInstanceOfSatisfying(ProblemException.class, e -> assertThat(
                        e.problem().remedy())
                .contains("Pool Size"));
        assertThat(folder.resolve("tries")).hasContent("x");
    }

    @Test
    void waitingForAConnectionEnds() throws IOException {
        InputStream output = shell("printf x >> " + folder.resolve("tries") + "; echo '" + FULL + "' >&2; exit 1");

        assertThatThrownBy(output::readAllBytes)
                .hasMessageContaining("EMAXCONNSESSION")
                .hasMessageContaining("lower BACKUP_PARALLELISM");
        assertThat(folder.resolve("tries")).content().hasSizeGreaterThan(1);
        assertNothingRuns();
    }

    @Test
    void aStoppedBackupDoesNotWaitForAConnection() throws Exception {
        InputStream output = start(
                shellScript("printf x >> " + folder.resolve("tries") + "; echo '" + FULL + "' >&2; exit 1"),
                new ConnectionRetry(run, Duration.ofMinutes(10), Duration.ofMinutes(10)));
        FutureTask<byte[]> reader = new FutureTask<>(output::readAllBytes);
        new Thread(reader).start();
        await().until(() -> Files.exists(folder.resolve("tries")));

        run.stop(new IOException("cancelled"));

        assertThatThrownBy(() -> reader.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(Exception.class);
        assertThat(folder.resolve("tries")).hasContent("x");
    }

    private String refusedTwice(String end) {
        Path tries = folder.resolve("tries");
        return "printf x >> " + tries + "; if [ $(cat " + tries + ") != xxx ]; then echo '" + FULL
                + "' >&2; exit 1; fi; printf rows; " + end;
    }

    private static List<String> prepend(String first, List<String> others) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), others.stream())
                .toList();
    }

    private static ProcessHandle programOf(InputStream output) throws IOException {
        StringBuilder pid = new StringBuilder();
        for (int c = output.read(); c != '\n'; c = output.read()) {
            pid.append((char) c);
        }
        return ProcessHandle.of(Long.parseLong(pid.toString())).orElseThrow();
    }

    /** More than a pipe holds; the first start gets no connection. */
    @Test
    void aScriptIsReadWholeAtEachStart() throws IOException {
        String script = "x".repeat(300_000) + "\nä\n";
        Path program = Path.of(shellScript("[ -e '" + folder.resolve("came") + "' ] && exec cat; touch '"
                + folder.resolve("came") + "'; echo '" + FULL + "' >&2; exit 1"));

        InputStream output = start(
                new PgCommand("/bin/sh", List.of(program.toString()), run, true, null, script, PgOutput.NONE), SHORT);

        assertThat(new String(read(output), UTF_8)).isEqualTo(script);
        assertNothingRuns();
    }

    /** Its exit code says why, not the pipe that broke. */
    @Test
    void aProgramThatDoesNotReadItsScriptFailsByWhatItSays() throws IOException {
        InputStream output = start(
                new PgCommand(
                        "/bin/sh",
                        List.of(shellScript("echo 'no such table' >&2; exit 3")),
                        run,
                        true,
                        null,
                        "x".repeat(300_000),
                        PgOutput.NONE),
                SHORT);

        assertThatThrownBy(output::readAllBytes).hasMessageContaining("sh failed with exit code 3: no such table");
    }

    /** Stopping waits for whatever still works for the backup: at once, when nothing does. */
    private void assertNothingRuns() {
        long begin = System.nanoTime();
        run.stop(new IOException("the end"));
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    private InputStream shell(String script) throws IOException {
        return start("/bin/sh", List.of(shellScript(script)));
    }

    private String shellScript(String script) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "script", ""), script)
                .toString();
    }

    private InputStream start(String program, List<String> arguments) throws IOException {
        return start(new PgCommand(program, arguments, run, true, null), SHORT);
    }

    private InputStream start(String script, ConnectionRetry retry) throws IOException {
        return start(new PgCommand("/bin/sh", List.of(script), run, true, null), retry);
    }

    private static InputStream start(PgCommand command, ConnectionRetry retry) throws IOException {
        return new ProcessRunner(new StallWatch(Duration.ofMinutes(1)), any -> retry)
                .execute(command)
                .getStdout();
    }

    private static byte[] read(InputStream output) throws IOException {
        try (output) {
            return output.readAllBytes();
        }
    }
}
