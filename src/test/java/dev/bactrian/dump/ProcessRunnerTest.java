package dev.bactrian.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bactrian.backup.BackupException;
import dev.bactrian.backup.BackupRun;
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
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("sh failed with exit code 3: permission denied for table card.")
                .hasMessageContaining("GRANT");
        assertNothingRuns();
    }

    /** Somebody may catch the first error and read on. */
    @Test
    void aFailedProgramHasNoEndHoweverOftenItIsAsked() throws IOException {
        InputStream output = shell("exit 3");
        assertThatThrownBy(output::read).isInstanceOf(BackupException.class);

        assertThatThrownBy(output::read).isInstanceOf(Exception.class);
    }

    @Test
    void aKilledProgramFailedEvenIfItHadNothingMoreToSay() throws IOException {
        InputStream output = shell("printf whole; kill -9 $$");

        assertThatThrownBy(output::readAllBytes)
                .isInstanceOf(BackupException.class)
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

        assertThat(seen).contains("LC_ALL=C", "TZ=UTC", "PGTZ=UTC");
        assertThat(seen.stream().map(line -> line.split("=", 2)[0]))
                .allMatch(name -> INHERITED.contains(name)
                        || Set.of("LC_ALL", "TZ", "PGTZ").contains(name));
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

    /** Stopping waits for whatever still works for the backup: at once, when nothing does. */
    private void assertNothingRuns() {
        long begin = System.nanoTime();
        run.stop(new IOException("the end"));
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    private InputStream shell(String script) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "script", ""), script);
        return start("/bin/sh", List.of(file.toString()));
    }

    private InputStream start(String program, List<String> arguments) throws IOException {
        return new ProcessRunner(new StallWatch(Duration.ofMinutes(1)))
                .execute(new PgCommand(program, arguments, run, true, null))
                .getStdout();
    }

    private static byte[] read(InputStream output) throws IOException {
        try (output) {
            return output.readAllBytes();
        }
    }
}
