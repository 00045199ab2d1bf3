package dev.bactrian.postgres.program;

import dev.bactrian.postgres.ServerInfo;
import dev.bactrian.problem.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Finds pg_dump and its siblings: in {@code PG_BIN} alone when that is set, else in the places where packages put them;
 * the highest version wins. pg_dump reads older servers, never newer ones.
 */
public final class PgToolsFinder {

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (?<version>(?<major>\\d+)\\S*)");
    private static final List<String> FOLDERS = List.of(
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/usr/libexec/postgresql*",
            "/opt/homebrew/opt/{libpq,postgresql@*}/bin",
            "/usr/local/opt/{libpq,postgresql@*}/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin");

    private final @Nullable Path only;

    /**
     * Prepares the search.
     *
     * @param only the one folder to look in, or null for the usual places
     */
    public PgToolsFinder(@Nullable Path only) {
        this.only = only;
    }

    /**
     * The tools that can read this server.
     *
     * @throws ProblemException when there are none, or only older ones
     */
    public PgTools forServer(@Header("server") ServerInfo server) {
        PgTools found = newest().orElseThrow(() -> ProblemException.stopped(
                "pg_dump was not found" + (only == null ? "." : " in PG_BIN (" + only + ")."),
                "Install it, on Debian and Ubuntu with: apt-get install postgresql-client; or set PG_BIN to the "
                        + "folder that contains it."));
        if (found.major() < server.major()) {
            throw ProblemException.stopped(
                    "pg_dump " + found.version() + " is older than the server, which is PostgreSQL " + server.version()
                            + ", and can't read it.",
                    "Install PostgreSQL client " + server.major()
                            + " or newer, or set PG_BIN to the folder that contains it.");
        }
        return found;
    }

    /** The newest tools on this machine. */
    public Optional<PgTools> newest() {
        return folders().stream()
                .filter(folder -> Files.isExecutable(folder.resolve("pg_dump")))
                .map(PgToolsFinder::inspect)
                .flatMap(Optional::stream)
                .max(Comparator.comparing(PgTools::major));
    }

    private List<Path> folders() {
        if (only != null) {
            return List.of(only);
        }
        List<Path> folders = new ArrayList<>();
        FOLDERS.forEach(pattern -> folders.addAll(matching(pattern)));
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder));
            }
        }
        return folders;
    }

    private static List<Path> matching(String pattern) {
        Path root = Path.of(pattern.substring(0, pattern.indexOf('/', 1) + 1));
        for (String part : pattern.substring(root.toString().length() + 1).split("/", -1)) {
            if (part.matches(".*[*{].*")) {
                break;
            }
            root = root.resolve(part);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        int depth = Path.of(pattern.replaceAll("[*{},]", "x")).getNameCount() - root.getNameCount();
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(root, depth, (path, attributes) -> matcher.matches(path))) {
            return found.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static Optional<PgTools> inspect(Path folder) {
        try {
            Process process = new ProcessBuilder(folder.resolve("pg_dump").toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            Matcher version = VERSION.matcher(output);
            return version.find()
                    ? Optional.of(
                            new PgTools(folder, Integer.parseInt(version.group("major")), version.group("version")))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
