package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages that docs/troubleshooting.md quotes are those of the code: who searches for one finds it. */
class QuotedMessagesTest {

    private static final Pattern QUOTE = Pattern.compile("`([^`]+)`");
    private static final Pattern WORD = Pattern.compile("[\\w'/-]+");

    /** Words in a row that are looked for. There are names and numbers between some, so that not all rows have to be found. */
    private static final int ROW = 3;

    @Test
    void quotedMessagesAreInTheCode() throws IOException {
        Set<List<String>> known = new HashSet<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            known.addAll(rows(
                    file.toString().endsWith(".java") ? JavaStrings.of(text).replace("\\", "") : text));
        }
        List<String> lost = new ArrayList<>();
        for (String quote : quotes()) {
            List<List<String>> rows = rows(quote);
            if (rows.stream().filter(known::contains).count() * 2 < rows.size()) {
                lost.add(quote);
            }
        }
        assertThat(lost).isEmpty();
    }

    /** What the tables of messages have in their first column. */
    private static List<String> quotes() throws IOException {
        String page = Files.readString(Path.of("docs/troubleshooting.md"));
        String tables = page.substring(page.indexOf("## Before it starts"), page.indexOf("## A backup doesn't end"));
        List<String> quotes = tables.lines()
                .filter(line -> line.startsWith("|"))
                .flatMap(line -> QUOTE.matcher(line.split("\\|")[1]).results())
                .map(match -> match.group(1))
                .filter(quote -> !quote.contains("@"))
                .toList();
        assertThat(quotes).hasSizeGreaterThan(100);
        return quotes;
    }

    private static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        for (String part : text.split("[.…]{2,}|…")) {
            List<String> words =
                    WORD.matcher(part).results().map(MatchResult::group).toList();
            for (int i = 0; i + ROW <= words.size(); i++) {
                rows.add(words.subList(i, i + ROW));
            }
        }
        return rows;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src/main/java", "routes", "sql")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(Files::isRegularFile).forEach(sources::add);
            }
        }
        return sources;
    }
}
