package dev.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** docs/commands.md has each command with all its options, and no other. */
class DocumentedCommandsTest {

    private static final Path PAGE = Path.of("docs/commands.md");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)$");
    private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| (`--.+?) (?<!\\\\)\\| ");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z0-9-]+)");

    /** Of every command; the page names them once. */
    private static final Set<String> STANDARD = Set.of("--help", "--version");

    @Test
    void eachCommandHasItsSection() throws IOException {
        List<String> sections = SECTION.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(commands().toList())
                .doesNotHaveDuplicates();
        assertThat(Files.readString(PAGE)).contains(STANDARD);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aSectionListsTheCommandsOptions(String command) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("\n## " + command + "\n")).split("\n## ")[1];
        Set<String> documented = TABLE_ROW
                .matcher(section)
                .results()
                .map(MatchResult::group)
                .flatMap(row -> OPTION.matcher(row).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(options(command));
        assertThat(section).contains("`./bactrian " + command);
    }

    static Stream<String> commands() {
        return bactrian().getSubcommands().keySet().stream();
    }

    private static Set<String> options(String command) {
        return bactrian().getSubcommands().get(command).getCommandSpec().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .filter(name -> name.startsWith("--") && !STANDARD.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static CommandLine bactrian() {
        return new CommandLine(new BactrianCommand());
    }
}
