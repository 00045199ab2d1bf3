package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.bactrian.config.RouteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Editors that know Camel's schema find nothing wrong in a file that works. */
class RouteSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = schema();

    static List<Path> files() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("docs/examples"))) {
            return Stream.concat(RouteFiles.all().stream(), examples.filter(file -> file.toString()
                            .endsWith(RouteFiles.ENDING)))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileIsAsTheSchemaSays(Path file) throws IOException {
        JsonNode routes =
                JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));

        assertThat(routes.isArray()).isTrue();
        assertThat(SCHEMA.validate(routes)).isEmpty();
    }

    private static JsonSchema schema() {
        try (InputStream in = RouteSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
                    .getSchema(JSON.readTree(Objects.requireNonNull(in, "camel-yaml-dsl has its schema elsewhere")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
