package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docs/api.md has each request that openapi.yaml describes, and each type of problem, and no other. */
class DocumentedApiTest {

    private static final Path PAGE = Path.of("docs/api.md");
    private static final Path CONTRACT = Path.of("src/main/resources/openapi.yaml");
    private static final String PROBLEM = "urn:bactrian:problem:";
    private static final Pattern REQUEST = Pattern.compile("`((?:GET|PUT|POST|DELETE) /[^` ?]*)`");
    private static final Pattern ERROR_ROW = Pattern.compile("(?m)^\\| [45]\\d\\d \\| .*$");
    private static final Pattern TYPE = Pattern.compile("`([a-z-]+)`");

    @Test
    void eachRequestIsInThePage() throws IOException {
        Set<String> described = new TreeSet<>();
        contract().get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    if (!"parameters".equals(method)) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        Set<String> documented = REQUEST.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(described);
    }

    @Test
    void eachTypeOfProblemIsInThePage() throws IOException {
        Set<String> described = new TreeSet<>();
        contract()
                .at("/components/schemas/Problem/properties/type/enum")
                .forEach(type -> described.add(type.asText().substring(PROBLEM.length())));
        Set<String> documented = ERROR_ROW
                .matcher(Files.readString(PAGE))
                .results()
                .flatMap(row -> TYPE.matcher(row.group()).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(described);
    }

    private static JsonNode contract() throws IOException {
        return new ObjectMapper()
                .valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(CONTRACT)));
    }
}
