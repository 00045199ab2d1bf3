package dev.bactrian.app;

import dev.bactrian.config.RouteFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Which folders of {@code routes/} each mode loads; what a mode's routes call is in its folders. A folder includes those in it that
 * have no line of their own here. Files directly in {@code routes/}, and in folders that aren't listed, are a user's own: every mode
 * loads them, but for the check, which must begin nothing.
 */
enum RouteFolders {
    TRIGGERS("triggers", Mode.SERVICE),
    CONTROL("control", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY),
    SETTINGS("settings", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY, Mode.PRUNE),
    BACKUP("backup", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY),
    DETECT("backup/detect", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY, Mode.CHECK),
    CHECK("check", Mode.SERVICE, Mode.CHECK),
    RETENTION("retention", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY, Mode.PRUNE),
    RESTORE("restore", Mode.SERVICE, Mode.RECORDED_VERIFY, Mode.RESTORE, Mode.FILE_RESTORE),
    ORIGIN("restore/origin", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY, Mode.RESTORE, Mode.FILE_RESTORE),
    RECORDED("restore/recorded", Mode.SERVICE, Mode.RECORDED_VERIFY),
    FROM_STORE("restore/from-store", Mode.SERVICE, Mode.RECORDED_VERIFY, Mode.RESTORE),
    FROM_FILE("restore/from-file", Mode.FILE_RESTORE),
    STORE("store", Mode.SERVICE, Mode.ONE_SHOT, Mode.RECORDED_VERIFY, Mode.PRUNE, Mode.RESTORE);

    /** What Camel is to find; {@link #excluded} says what of it a mode leaves out. */
    static final String ALL = "file:routes/**/*" + RouteFiles.ENDING;

    /** What becomes of errors, which is the same in every mode. */
    private static final Path ERRORS = RouteFiles.FOLDER.resolve("errors" + RouteFiles.ENDING);

    /** As {@link RouteFiles} does. */
    private static final String HIDDEN = "**/.*/**";
    /** Triggers of users' own were known by their names before there were folders. */
    private static final String OWN_TRIGGER = "trigger-";

    private static final Pattern CALLED = Pattern.compile("direct:([\\w-]+)");
    private static final Pattern SERVED = Pattern.compile("from:\\s+uri: \"?" + CALLED);

    private final Path folder;
    private final List<Mode> modes;

    RouteFolders(String folder, Mode... modes) {
        this.folder = RouteFiles.FOLDER.resolve(folder);
        this.modes = List.of(modes);
    }

    /** Camel's pattern of the files that a mode doesn't load. */
    static String excluded(Mode mode) {
        List<String> patterns = new ArrayList<>(List.of(HIDDEN));
        List<Path> loaded = files(mode);
        RouteFiles.all().stream()
                .filter(file -> !loaded.contains(file))
                .map(file -> isInFolder(file) ? file.getParent() + "/*" : file.toString())
                .distinct()
                .map("file:"::concat)
                .forEach(patterns::add);
        return String.join(",", patterns);
    }

    /** Files that a mode loads, as Camel does by {@link #excluded}. */
    static List<Path> files(Mode mode) {
        List<Path> all = RouteFiles.all();
        List<Path> files = all.stream().filter(file -> loads(mode, file)).toList();
        return mode == Mode.ONE_SHOT ? withCalled(files, all) : files;
    }

    /** A user's own route may verify what was backed up: then a backup by command needs all that a verification does. */
    private static List<Path> withCalled(List<Path> files, List<Path> all) {
        List<Path> wider =
                all.stream().filter(file -> loads(Mode.RECORDED_VERIFY, file)).toList();
        Set<String> others = wider.stream()
                .filter(file -> !files.contains(file))
                .flatMap(file -> named(SERVED, file))
                .collect(Collectors.toSet());
        return files.stream().flatMap(file -> named(CALLED, file)).anyMatch(others::contains) ? wider : files;
    }

    private static Stream<String> named(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).results().map(match -> match.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    static boolean loads(Mode mode, Path file) {
        return of(file).map(folder -> folder.modes.contains(mode))
                .orElseGet(() -> file.equals(ERRORS)
                        || mode != Mode.CHECK && (TRIGGERS.modes.contains(mode) || !isOwnTrigger(file)));
    }

    /** The innermost of these folders that a file is in. */
    private static Optional<RouteFolders> of(Path file) {
        return Stream.of(values())
                .filter(each -> file.startsWith(each.folder))
                .max(Comparator.comparing(each -> each.folder.getNameCount()));
    }

    private static boolean isInFolder(Path file) {
        return !RouteFiles.FOLDER.equals(file.getParent());
    }

    /** Tells a user of their own files. */
    static void logOwn() {
        String note = note();
        if (!note.isEmpty()) {
            LoggerFactory.getLogger(RouteFolders.class).info(note);
        }
    }

    /** What to tell a user of files that are in none of the folders; empty when there are none. */
    static String note() {
        Map<Boolean, String> own = RouteFiles.all().stream()
                .filter(file -> !file.equals(ERRORS) && of(file).isEmpty())
                .collect(Collectors.partitioningBy(
                        RouteFolders::isOwnTrigger, Collectors.mapping(Path::toString, Collectors.joining(", "))));
        String all = own.getOrDefault(false, "");
        String triggers = own.getOrDefault(true, "");
        return (all.isEmpty()
                        ? ""
                        : "Routes outside Bactrian's folders are loaded by the service and by every command but check: "
                                + all + ". ")
                + (triggers.isEmpty()
                        ? ""
                        : "Triggers outside Bactrian's folders are loaded by the service alone: " + triggers + ". ")
                + (all.isEmpty() && triggers.isEmpty()
                        ? ""
                        : "A file in a folder of routes/ is loaded together with the shipped files there (docs/routes.md).");
    }

    private static boolean isOwnTrigger(Path file) {
        return !isInFolder(file) && String.valueOf(file.getFileName()).startsWith(OWN_TRIGGER);
    }
}
