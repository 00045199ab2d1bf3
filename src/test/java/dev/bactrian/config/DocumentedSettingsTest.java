package dev.bactrian.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every setting is in {@code config/application.properties} with its default, and nothing is that doesn't exist. The tables of
 * {@code docs/configuration.md} are made from that file: {@code ./mvnw test -Dtest=DocumentedSettingsTest -Dbactrian.write=true}
 * writes them.
 */
class DocumentedSettingsTest {

    private static final Path PROPERTIES = Path.of("config/application.properties");
    private static final Path PAGE = Path.of("docs/configuration.md");

    private static final Pattern PROPERTY = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=(.*)$");
    private static final Pattern GROUP = Pattern.compile("(?m)^# --- (.+?) -+$");
    private static final Pattern SETTING = Pattern.compile("(?m)((?:^# .+\n)+)^#([A-Z][A-Z0-9_]*)=(.*)$");
    private static final Pattern COMPUTED_DEFAULT = Pattern.compile(" ?Default: (.+)\\.$");
    private static final Pattern TABLE = Pattern.compile("(?m)^\\| Name .*\n(?:\\|.*\n)+");

    /** Between backticks a text stays as it is; then a page of docs/, then the name of a setting. */
    private static final Pattern MARKED =
            Pattern.compile("`[^`]*`|docs/([a-z-]+\\.md)([#a-z0-9-]*)|\\b[A-Z0-9]+(?:_[A-Z0-9]+)+\\b");

    @Test
    void thePropertiesFileHasEverySettingWithItsDefault() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (MatchResult match :
                PROPERTY.matcher(Files.readString(PROPERTIES)).results().toList()) {
            assertThat(found.put(match.group(1), match.group(2).strip()))
                    .as("%s is listed twice", match.group(1))
                    .isNull();
        }
        assertThat(found).isEqualTo(defaults());
    }

    @Test
    void thePropertiesFileSetsNothing() throws IOException {
        assertThat(Files.readAllLines(PROPERTIES)).allMatch(line -> line.isBlank() || line.startsWith("#"));
    }

    @Test
    void thePageHasTheSameGroupsAndSettings() throws IOException {
        String page = Files.readString(PAGE);
        String expected = withTables(page);
        if (Boolean.getBoolean("bactrian.write")) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(page)
                .as(
                        "the tables of %s are out of date: run ./mvnw test -Dtest=DocumentedSettingsTest "
                                + "-Dbactrian.write=true",
                        PAGE)
                .isEqualTo(expected);
    }

    /** The page with the table that each group's section must have. Both have the same groups, in the same order. */
    private static String withTables(String page) throws IOException {
        StringBuilder whole = new StringBuilder();
        int from = 0;
        String[] groups = Files.readString(PROPERTIES).split("(?m)(?=^# --- )");
        for (String group : groups) {
            MatchResult title = GROUP.matcher(group).results().findFirst().orElse(null);
            List<MatchResult> settings = SETTING.matcher(group).results().toList();
            if (title == null || settings.isEmpty()) {
                continue;
            }
            int section = page.indexOf("\n## " + title.group(1) + "\n", from);
            assertThat(section)
                    .as("the section \"%s\" of %s", title.group(1), PAGE)
                    .isNotNegative();
            var table = TABLE.matcher(page);
            assertThat(table.find(section))
                    .as("a table in \"%s\"", title.group(1))
                    .isTrue();
            whole.append(page, from, table.start()).append(table(settings));
            from = table.end();
        }
        return whole.append(page.substring(from)).toString();
    }

    private static String table(List<MatchResult> settings) {
        return settings.stream()
                .map(setting -> row(setting.group(2), setting.group(3).strip(), setting.group(1)))
                .collect(Collectors.joining("", "| Name | Default | Meaning |\n|---|---|---|\n", ""));
    }

    private static String row(String name, String value, String comment) {
        String text = comment.replaceAll("(?m)^# ", "").replace('\n', ' ').strip();
        var computed = COMPUTED_DEFAULT.matcher(text);
        String shown = value.isEmpty() ? "" : "`" + value + "`";
        if (computed.find()) {
            shown = marked(computed.group(1));
            text = computed.replaceFirst("");
        }
        text = marked(text.replaceFirst("^\\[secret] ", "🔑 "));
        assertThat(text).as("a table has no room for it: %s", name).doesNotContain("|");
        return "| `%s` | %s | %s |%n".formatted(name, shown, text);
    }

    private static String marked(String text) {
        return MARKED.matcher(text)
                .replaceAll(match -> match.group(1) != null
                        ? "[" + match.group(1) + "](" + match.group(1) + match.group(2) + ")"
                        : match.group().startsWith("`") ? match.group() : "`" + match.group() + "`");
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        Arrays.stream(SettingName.values())
                .forEach(name -> defaults.put(name.name(), name.defaultValue() == null ? "" : name.defaultValue()));
        return defaults;
    }
}
