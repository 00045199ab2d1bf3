package dev.bactrian.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bench is written in Python; its own tests hold that it measures and calculates what it says. */
class BenchTest {

    @Test
    void theBenchMeasuresWhatItSays() throws Exception {
        assertThat(python("-m", "unittest", "discover", "-s", "bench/tests")).endsWith("OK");
    }

    @Test
    void everyCaseOfTheBenchIsDocumented() throws Exception {
        String help = python("bench/run", "--help");
        String page = Files.readString(Path.of("docs/benchmarks.md"));

        assertThat(help).contains("  wide ");
        for (String line : help.substring(help.indexOf("Cases:\n") + 7, help.indexOf("\nExamples:"))
                .strip()
                .split("\n")) {
            String name = line.strip().split(" ")[0];
            assertThat(page).containsPattern(Pattern.compile("(?m)^(\\| " + name + " \\||bench/run " + name + ")"));
        }
    }

    private static String python(String... arguments) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux"), "the bench needs Linux");
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3"))),
                "the bench needs Python 3");
        ProcessBuilder command = new ProcessBuilder("python3").redirectErrorStream(true);
        command.command().addAll(Arrays.asList(arguments));
        Process process = command.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
