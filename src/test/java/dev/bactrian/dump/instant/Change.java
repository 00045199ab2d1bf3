package dev.bactrian.dump.instant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What another session does while a backup runs: a case of {@code src/test/resources/instant}. A file holds cases, each
 * from a line {@code -- ## name} to the next:
 *
 * <pre>
 * -- ## name of the case
 * -- at: the moments, of {@link Moment}; each is a test of its own with {@code -Dbactrian.instant.moments=true}
 * -- names: what was changed, as it was called at the instant; the error has to name one of them
 * -- said: words of which the error has to hold one
 * -- remedy: what the error has to advise, unless it is to start the backup again
 * -- late: why it may fail although its tables are dumped already
 * -- alone: why its statements can't run in one transaction
 * statements that make the database, each ends with a semicolon at the end of a line
 * -- meanwhile
 * statements that change it
 * -- afterwards
 * statements that take it back when all tables but the last are dumped; may be missing
 * </pre>
 *
 * A case without {@code names} may not fail: such changes harm nothing. Nor may one when all that it changes has been
 * dumped.
 *
 * @param late whether it may fail even then
 * @param alone whether each statement is a transaction of its own
 */
record Change(
        String name,
        Moment moment,
        List<String> names,
        List<String> said,
        String remedy,
        boolean late,
        boolean alone,
        List<String> before,
        List<String> meanwhile,
        List<String> afterwards) {

    private static final boolean ALL_MOMENTS = Boolean.getBoolean("bactrian.instant.moments");
    private static final int ONE_OF = 3;
    private static final Path FOLDER = Path.of("src/test/resources/instant");

    /** When it is done. */
    enum Moment {
        /** The snapshot is taken, and nothing has been read by it. */
        TAKEN,
        /** The snapshot is taken and the database looked through; no pg_dump has connected yet. */
        PLANNED,
        /** The definitions and the first table are dumped, the rest isn't. */
        DEFINED,
        /** All tables but the last are dumped. */
        DUMPED,
        /** All tables are dumped, and what follows isn't: large objects, and the whole dumps of BACKUP_FORMATS. */
        FOLLOWED,
        /** Whenever it happens, and more than once: by writers that nothing holds up. */
        ANY
    }

    boolean mayFail() {
        return !names.isEmpty() && (late || moment != Moment.DUMPED);
    }

    /** Whether an error names what was changed, and what was done to it. Quotes around names don't matter here. */
    boolean isToldBy(String error) {
        String text = error.replace("\"", "");
        return names.stream().anyMatch(name -> stands(name, text))
                && said.stream().anyMatch(word -> text.toLowerCase(Locale.ROOT).contains(word));
    }

    /** Whether a name is there by itself, and not only as the beginning or the end of another. */
    private static boolean stands(String name, String text) {
        return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?!\\w)")
                .matcher(text)
                .find();
    }

    @Override
    public String toString() {
        return moment == Moment.ANY ? name : name + ", " + moment.name().toLowerCase(Locale.ROOT);
    }

    /** Every third of the cases of one file, in its order; all of them with {@code -Dbactrian.instant.moments=true}. */
    static Stream<Change> some(String file) {
        List<Change> all = of(file).toList();
        return IntStream.range(0, all.size())
                .filter(n -> ALL_MOMENTS || n % ONE_OF == 0)
                .mapToObj(all::get);
    }

    /** The cases of one file, in its order: each at one of its moments in turn, unless all are asked for. */
    static Stream<Change> of(String file) {
        try {
            String[] texts = Files.readString(FOLDER.resolve(file)).split("(?m)^-- ## ");
            return IntStream.range(1, texts.length).boxed().flatMap(number -> {
                List<Change> moments = parse(texts[number]).toList();
                return ALL_MOMENTS ? moments.stream() : Stream.of(moments.get(number % moments.size()));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Change> parse(String text) {
        List<String> lines = text.lines().toList();
        int meanwhile = lines.indexOf("-- meanwhile");
        int end = lines.contains("-- afterwards") ? lines.indexOf("-- afterwards") : lines.size();
        return list(lines, "at", ",")
                .map(moment -> new Change(
                        lines.get(0),
                        Moment.valueOf(moment.toUpperCase(Locale.ROOT)),
                        list(lines, "names", "\\|").toList(),
                        list(lines, "said", "\\|").toList(),
                        list(lines, "remedy", "\\|").findAny().orElse("start the backup again"),
                        list(lines, "late", "\\|").findAny().isPresent(),
                        list(lines, "alone", "\\|").findAny().isPresent(),
                        statements(lines.subList(1, meanwhile)),
                        statements(lines.subList(meanwhile + 1, end)),
                        statements(lines.subList(end, lines.size()))));
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
