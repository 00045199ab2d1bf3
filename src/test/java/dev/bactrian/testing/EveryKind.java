package dev.bactrian.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.servers.PostgresServer;
import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database with every kind of object, odd names and every type's odd values: {@code src/test/resources/roundtrip}. */
public final class EveryKind {

    /** The only difference between two texts. */
    public static final String ANOTHER_ORDER = "the same lines in another order";

    private static final Path SCRIPTS = Path.of("src/test/resources/roundtrip").toAbsolutePath();

    private EveryKind() {}

    /** A new database of this server with all of it. */
    public static TestDatabase in(PostgresServer server) {
        TestDatabase database = server.createDatabase();
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            String files = scripts.sorted().map(script -> " -f " + script).collect(Collectors.joining());
            Run run = psql(SCRIPTS, server, database, files);
            assertThat(run.exit()).as(run.err()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return database;
    }

    /** Runs psql in a folder, as the superuser; it stops at the first error. */
    public static Run psql(Path folder, PostgresServer server, TestDatabase database, String arguments) {
        return Run.shell(
                folder,
                Map.of("PATH", server.client().toString(), "TARGET", database.url()),
                "psql -X -q -o /dev/null -v ON_ERROR_STOP=1 \"$TARGET\"" + arguments);
    }

    /**
     * What pg_dump prints of a database's definitions, bytes as characters (ISO 8859-1), without the token that differs
     * at each call.
     */
    public static List<String> definitions(PostgresServer server, TestDatabase database, List<String> options) {
        try {
            Path file = TemporaryFiles.file("definitions", ".sql");
            Path client = server.client();
            Run run = Run.program(Stream.concat(
                            Stream.of(
                                    client.resolve("pg_dump").toString(),
                                    "--schema-only",
                                    "--file=" + file,
                                    "--dbname=" + database.url()),
                            options.stream())
                    .toList());
            assertThat(run.exit()).as(run.err()).isZero();
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that two texts don't share, or {@link #ANOTHER_ORDER}. */
    public static List<String> differences(List<String> expected, List<String> actual) {
        if (expected.equals(actual)) {
            return List.of();
        }
        List<String> lost = new ArrayList<>();
        Map<String, Integer> extra = new LinkedHashMap<>();
        actual.forEach(line -> extra.merge(line, 1, Integer::sum));
        expected.forEach(line -> {
            if (extra.merge(line, -1, Integer::sum) < 0) {
                lost.add("lost: " + line);
            }
        });
        extra.forEach((line, count) -> {
            if (count > 0) {
                lost.add("extra: " + line);
            }
        });
        return lost.isEmpty() ? List.of(ANOTHER_ORDER) : lost;
    }
}
