package dev.bactrian.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Commands in a process beside the tests' own that stays from one to the next: a Java that is new spends several seconds of a
 * processor on each, and one that has done it before less than one. What only an own process has or shows has one:
 * {@link Run#ofItsOwn}.
 */
final class WarmCommands {

    /** They serve until they are stopped. */
    private static final Set<String> LASTING = Set.of("serve", "demo");

    /** What Java, or the system, reads when a process starts. */
    private static final Set<String> OF_A_START =
            Set.of("JAVA_TOOL_OPTIONS", "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR");

    private static Process host;
    private static DataOutputStream requests;
    private static DataInputStream exits;

    private WarmCommands() {}

    static boolean take(Map<String, String> settings, List<String> arguments) {
        return !arguments.isEmpty()
                && !LASTING.contains(arguments.get(0))
                && settings.keySet().stream().noneMatch(OF_A_START::contains);
    }

    /** Runs a command to its end, one at a time, and returns its exit code. */
    static synchronized int run(
            Map<String, String> environment, List<String> arguments, Path out, Path err, Duration longest)
            throws IOException, InterruptedException {
        if (host == null || !host.isAlive()) {
            start();
        }
        requests.writeInt(environment.size());
        for (Map.Entry<String, String> each : environment.entrySet()) {
            requests.writeUTF(each.getKey());
            requests.writeUTF(each.getValue());
        }
        requests.writeInt(arguments.size());
        for (String argument : arguments) {
            requests.writeUTF(argument);
        }
        requests.writeUTF(out.toString());
        requests.writeUTF(err.toString());
        requests.flush();
        return answer(arguments, longest);
    }

    private static int answer(List<String> arguments, Duration longest) throws InterruptedException {
        FutureTask<Integer> exit = new FutureTask<>(exits::readInt);
        Thread reader = new Thread(exit, "exit of a command");
        reader.setDaemon(true);
        reader.start();
        try {
            return exit.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            host.destroyForcibly().waitFor();
            throw new AssertionError("no exit code within " + longest + " of " + arguments, e);
        }
    }

    private static void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BactrianJava.wordsOf(
                        CommandHost.class.getName(), onlyTheHost(), "--add-opens", "java.base/java.util=ALL-UNNAMED"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(Run.INHERITED);
        host = builder.start();
        requests = new DataOutputStream(host.getOutputStream());
        exits = new DataInputStream(host.getInputStream());
        Process started = host;
        TemporaryFiles.beforeTheirEnd(started::destroyForcibly);
    }

    /** A folder with one class: the others would bring the log's configuration for tests with them. */
    private static Path onlyTheHost() throws IOException {
        Path folder = TemporaryFiles.folder("command-host");
        String name = CommandHost.class.getName().replace('.', '/') + ".class";
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (InputStream in = CommandHost.class.getClassLoader().getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return folder;
    }
}
