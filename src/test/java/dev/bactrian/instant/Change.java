package dev.bactrian.instant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What another session does while a backup runs: a case of {@code src/test/resources/instant}. A file holds cases, each
 * from a line {@code -- ## name} to the next:
 *
 * <pre>
 * -- ## name of the case
 * -- at: the moments, of {@link Moment}; each is a test of its own
 * -- names: what the error has to name, as it was called at the instant
 * -- said: words of which the error has to hold one
 * statements that make the database, each ends with a semicolon at the end of a line
 * -- meanwhile
 * statements that change it, each in a transaction of its own
 * </pre>
 *
 * A case without {@code names} may not fail: such changes harm nothing.
 */
record Change(
        String name,
        Moment moment,
        List<String> names,
        List<String> said,
        List<String> before,
        List<String> meanwhile) {

    private static final Path FOLDER = Path.of("src/test/resources/instant");

    /** When it is done. */
    enum Moment {
        /** The snapshot is taken and the database looked through; no pg_dump has connected yet. */
        PLANNED,
        /** The definitions and the first table are dumped, the rest isn't. */
        DEFINED,
        /** All tables but the last are dumped. */
        DUMPED
    }

    boolean harmless() {
        return names.isEmpty();
    }

    @Override
    public String toString() {
        return name + ", " + moment;
    }

    /** The cases of one file, in its order. */
    static Stream<Change> of(String file) {
        try {
            return Arrays.stream(Files.readString(FOLDER.resolve(file)).split("(?m)^-- ## "))
                    .skip(1)
                    .flatMap(Change::parse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Change> parse(String text) {
        List<String> lines = text.lines().toList();
        int meanwhile = lines.indexOf("-- meanwhile");
        List<String> before = statements(lines.subList(1, meanwhile));
        List<String> after = statements(lines.subList(meanwhile + 1, lines.size()));
        return list(lines, "at", ",")
                .map(moment -> new Change(
                        lines.get(0),
                        Moment.valueOf(moment.toUpperCase(java.util.Locale.ROOT)),
                        list(lines, "names", ", ").toList(),
                        list(lines, "said", "\\|").toList(),
                        before,
                        after));
    }

    private static Stream<String> list(List<String> lines, String key, String separator) {
        String start = "-- " + key + ": ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .flatMap(line -> Arrays.stream(line.substring(start.length()).split(separator)))
                .map(String::strip);
    }

    private static List<String> statements(List<String> lines) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("--")) {
                continue;
            }
            statement.append(line).append('\n');
            if (line.endsWith(";")) {
                statements.add(statement.toString());
                statement.setLength(0);
            }
        }
        if (!statement.toString().isBlank()) {
            throw new IllegalStateException("without a semicolon: " + statement);
        }
        return statements;
    }
}
