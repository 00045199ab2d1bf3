package dev.bactrian.unchanged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of {@code src/test/resources/unchanged/cases.sql}, which says what its parts are.
 *
 * @param table its name
 * @param fate what becomes of it
 */
record Case(String table, String fate, List<String> before, List<String> open, List<String> then) {

    private static final Path FILE = Path.of("src/test/resources/unchanged/cases.sql");

    static List<Case> all() {
        try {
            return Stream.of(Files.readString(FILE).split("(?m)^-- ## ", -1))
                    .skip(1)
                    .map(Case::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case of(String text) {
        String[] title = text.lines().findFirst().orElseThrow().split(" ", -1);
        return new Case(
                title[0],
                title[1],
                statements(text.substring(text.indexOf('\n')).split("(?m)^-- (open|then)$", -1)[0]),
                part(text, "open"),
                part(text, "then"));
    }

    private static List<String> part(String text, String name) {
        String[] parts = text.split("(?m)^-- " + name + "$", -1);
        return parts.length == 1 ? List.of() : statements(parts[1].split("(?m)^-- ", -1)[0]);
    }

    private static List<String> statements(String text) {
        return Arrays.stream(text.split("(?m);$", -1))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
