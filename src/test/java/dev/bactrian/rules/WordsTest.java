package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts for users are in plain words: src/test/resources/words.txt has those that they avoid, and what to say instead. */
class WordsTest {

    private static final Pattern CODE =
            Pattern.compile("(?ms)^ *```.*?^ *```|`[^`]*`|~~[^~]*~~|^> .*?$|\\]\\([^)]*\\)");
    private static final Pattern YAML_KEY = Pattern.compile("^\\s*(?:- )?[\"'/$\\w{}-]+:.*");
    private static final Pattern API_TEXT =
            Pattern.compile("\\b(?:description|summary|title|details?|message|error_text|reason):");
    private static final Pattern ROUTE_TEXT = Pattern.compile("\\b(?:description|message|log|constant|simple):");
    /** By this comment a later version finds the roles that an earlier one left. */
    private static final Pattern MATCHED = Pattern.compile("stands in during a verification by Bactrian");

    private static final Pattern SQL_COMMENT = Pattern.compile("--.*");
    private static final Pattern SCRIPT_COMMENT = Pattern.compile("(?m)^\\s*(?://|/\\*|\\*).*?$");

    @Test
    void pagesUsePlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : pages()) {
            found.addAll(new Words().find(page, without(CODE, Files.readString(page))));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theContractUsesPlainWords() throws IOException {
        Path contract = Path.of("src/main/resources/openapi.yaml");
        assertThat(new Words().find(contract, texts(API_TEXT, Files.readString(contract))))
                .isEmpty();
    }

    @Test
    void descriptionsAndMessagesOfRoutesUsePlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(Path.of("routes"), ".camel.yaml")) {
            found.addAll(new Words().find(file, texts(ROUTE_TEXT, Files.readString(file))));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void messagesUsePlainWords() throws IOException {
        Words words = new Words();
        List<String> found = new ArrayList<>();
        for (Path file : files(Path.of("src/main/java"), ".java")) {
            found.addAll(words.find(file, without(MATCHED, JavaStrings.of(Files.readString(file)))));
        }
        for (Path file : files(Path.of("sql"), ".sql")) {
            found.addAll(words.find(file, without(SQL_COMMENT, Files.readString(file))));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void thePageUsesPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (String ending : List.of(".js", ".html")) {
            for (Path file : files(Path.of("src/main/resources/web"), ending)) {
                found.addAll(new Words().find(file, without(SCRIPT_COMMENT, Files.readString(file))));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void settingsAreExplainedInPlainWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : List.of("config/application.properties", "docker-compose.yml", ".env.example")) {
            Path file = Path.of(name);
            String comments = Files.readString(file)
                    .lines()
                    .map(line -> line.strip().startsWith("# ") ? line : "")
                    .collect(Collectors.joining("\n"));
            found.addAll(new Words().find(file, without(CODE, comments)));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void onlyTheStringsOfJavaAreLookedAtAndWhatIsJoinedIsOneText() {
        String code = "x(\"at the \" // whoever\n + \"most part\", told + \" of\", \"nobody-here\"); /* lest */";
        assertThat(JavaStrings.of(code).replaceAll("[ .]+", " ").strip()).isEqualTo("at the \n most part of");
    }

    @Test
    void aWordIsFoundAcrossLinesAndNamedWithItsLine() throws IOException {
        assertThat(new Words().find(Path.of("page.md"), "One\nat the\nmost, told."))
                .containsExactly("page.md:2: \"at the most\": say at most, at least");
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
        pages.addAll(files(Path.of("docs"), ".md"));
        pages.removeIf(page -> page.startsWith(Path.of("docs/adr")));
        return pages;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** The text with what the pattern finds blanked out; lines keep their numbers. */
    private static String without(Pattern pattern, String text) {
        UnaryOperator<String> blank = found -> found.replaceAll("[^\n]", " ");
        return pattern.matcher(text).replaceAll(match -> Matcher.quoteReplacement(blank.apply(match.group())));
    }

    /** The texts of a YAML file by the keys that the pattern finds, with the lines that continue them. */
    private static String texts(Pattern keys, String yaml) {
        StringBuilder kept = new StringBuilder();
        boolean text = false;
        for (String line : yaml.lines().toList()) {
            if (YAML_KEY.matcher(line).matches()) {
                text = keys.matcher(line).find();
            }
            kept.append(text ? line : "").append('\n');
        }
        return without(CODE, kept.toString());
    }

    /** The list of words. */
    private static final class Words {

        private record Word(Pattern pattern, String advice) {}

        private final List<Word> list;

        Words() throws IOException {
            list = Files.readAllLines(Path.of("src/test/resources/words.txt")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" => ", 2))
                    .map(parts -> new Word(
                            Pattern.compile("(?i)(?<![\\w'])(?:" + parts[0].replace(" ", "\\s+") + ")(?!\\w)"),
                            parts[1]))
                    .toList();
        }

        /** One line for each word found: where it is, and what to say instead. */
        List<String> find(Path file, String text) {
            List<String> found = new ArrayList<>();
            for (Word word : list) {
                word.pattern
                        .matcher(text)
                        .results()
                        .forEach(match -> found.add("%s:%d: \"%s\": say %s"
                                .formatted(
                                        file,
                                        text.substring(0, match.start()).lines().count()
                                                + (text.substring(0, match.start())
                                                                .endsWith("\n")
                                                        ? 1
                                                        : 0),
                                        match.group().replaceAll("\\s+", " "),
                                        word.advice)));
            }
            return found;
        }
    }
}
