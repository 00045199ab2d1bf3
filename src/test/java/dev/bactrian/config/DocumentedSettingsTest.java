package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every setting is documented, with the default it has; and nothing is that doesn't exist. */
class DocumentedSettingsTest {

    private static final Path PROPERTIES = Path.of("config/application.properties");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=(.*)$");
    private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([A-Z][A-Z0-9_]*)` \\| ([^|]*) \\| [^|]+ \\|$");

    @Test
    void thePropertiesFileHasEverySettingWithItsDefault() throws IOException {
        assertThat(found(PROPERTY, PROPERTIES)).isEqualTo(defaults());
    }

    @Test
    void thePropertiesFileSetsNothing() throws IOException {
        assertThat(Files.readAllLines(PROPERTIES)).allMatch(line -> line.isBlank() || line.startsWith("#"));
    }

    @Test
    void theReadMeHasEverySettingAndNoOther() throws IOException {
        assertThat(found(TABLE_ROW, Path.of("README.md")).keySet())
                .isEqualTo(defaults().keySet());
    }

    @ParameterizedTest
    @EnumSource
    void theReadMeHasTheDefault(SettingName name) throws IOException {
        String cell = found(TABLE_ROW, Path.of("README.md")).get(name.name());
        if (name.defaultValue() == null) {
            assertThat(cell).as("a default that is worked out, or none").doesNotContain("`");
        } else {
            assertThat(cell).isEqualTo("`" + name.defaultValue() + "`");
        }
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        Arrays.stream(SettingName.values())
                .forEach(name -> defaults.put(name.name(), name.defaultValue() == null ? "" : name.defaultValue()));
        return defaults;
    }

    private static Map<String, String> found(Pattern form, Path file) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (MatchResult match : form.matcher(Files.readString(file)).results().toList()) {
            assertThat(found.put(match.group(1), match.group(2).strip()))
                    .as("%s stands twice", match.group(1))
                    .isNull();
        }
        return found;
    }
}
