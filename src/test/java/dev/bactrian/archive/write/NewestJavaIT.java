package dev.bactrian.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bactrian.archive.isal.IsalLibrary;
import dev.bactrian.testing.JavaHomes;
import dev.bactrian.testing.Run;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The build's own Java may be too old for ISA-L. The tests of the archive run here once more, on the newest Java of this
 * machine, which is what the launcher takes.
 */
class NewestJavaIT {

    private static final int FIRST_WITH_ISAL = 22;

    @Test
    void theArchiveIsRightOnTheNewestJavaToo() {
        Optional<Path> java = JavaHomes.newest(FIRST_WITH_ISAL);
        assumeTrue(java.isPresent(), "there is no Java " + FIRST_WITH_ISAL + " or newer here");

        Run run = Run.shell(
                Path.of("").toAbsolutePath(),
                Map.of(),
                java.orElseThrow().resolve("bin/java") + " --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' '" + Tests.class.getName() + "'");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("ISA-L is there: " + isalIsInstalled());
    }

    private static boolean isalIsInstalled() {
        return Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
                .anyMatch(platform -> Files.exists(Path.of("/usr/lib", platform, "libisal.so.2")));
    }

    /** What the other Java runs. */
    static final class Tests {

        private Tests() {}

        public static void main(String[] arguments) {
            LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                    .selectors(List.of(
                            DiscoverySelectors.selectClass(CompressionTest.class),
                            DiscoverySelectors.selectClass(ArchiveTest.class),
                            DiscoverySelectors.selectClass("dev.bactrian.archive.isal.InflatedStreamTest")))
                    .build();
            SummaryGeneratingListener summary = new SummaryGeneratingListener();
            LauncherFactory.create().execute(tests, summary);
            System.out.println("ISA-L is there: " + IsalLibrary.find().isPresent());
            summary.getSummary().printTo(new PrintWriter(System.out, true));
            summary.getSummary().printFailuresTo(new PrintWriter(System.out, true));
            boolean good = summary.getSummary().getTestsSucceededCount() > 0
                    && summary.getSummary().getTotalFailureCount() == 0;
            System.exit(good ? 0 : 1);
        }
    }
}
