package dev.bactrian.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.ManifestFormat;
import dev.bactrian.archive.ManifestJson;
import dev.bactrian.archive.verify.ArchiveReport;
import dev.bactrian.problem.ErrorTranslators;
import dev.bactrian.restore.source.Provenance;
import dev.bactrian.signing.PublicKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that older versions wrote stay readable, through the route as shipped. */
class GoldenArchiveTest extends CamelTestSupport {

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    static List<String> archives() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".zip"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereIsOneForEachFormat() throws IOException {
        assertThat(archives()).hasSize(ManifestFormat.NEWEST).contains("archive-v1.zip");
    }

    @ParameterizedTest
    @MethodSource("archives")
    void itIsWhole(String name) throws Exception {
        // As in the application: a cached stream would be read again at each step.
        context.setStreamCaching(false);
        context.getRegistry().bind("archiveVerifier", new ArchiveVerifier(new ErrorTranslators(List.of()), null));
        context.getRegistry().bind("provenance", new Provenance(PublicKeys.NONE, PublicKeys.NONE));
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:routes/restore/verify-archive.camel.yaml"));
        String text = Files.readString(FOLDER.resolve(name.replace(".zip", ".manifest.json")));
        Manifest manifest = ManifestJson.mapper().readValue(text, Manifest.class);
        InputStream archive = Files.newInputStream(FOLDER.resolve(name));

        Exchange answer = template.request("direct:check-archive", exchange -> {
            exchange.setProperty(
                    "key", Objects.requireNonNull(manifest.archive()).key());
            exchange.setProperty("manifestText", text);
            exchange.setProperty("stored", true);
            exchange.getMessage().setBody(archive);
        });

        assertThat(answer.getException()).isNull();
        ArchiveReport report = answer.getMessage().getBody(ArchiveReport.class);
        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).isEqualTo(manifest.totals().rows()).isEqualTo(254);
        assertThat(report.tables()).isEqualTo(manifest.totals().tables()).isEqualTo(7);
    }
}
