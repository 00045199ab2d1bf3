package dev.bactrian.app;

import dev.bactrian.config.RouteFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Which folders of {@code routes/} each mode loads; what a mode's routes call is in its folders. A folder includes those in it that
 * have no line of their own here. Files directly in {@code routes/}, and in folders that aren't listed, are a user's own: every mode
 * loads them.
 */
enum RouteFolders {
    TRIGGERS("triggers", Mode.SERVICE),
    CONTROL("control", Mode.SERVICE, Mode.ONE_SHOT),
    SETTINGS("settings", Mode.SERVICE, Mode.ONE_SHOT, Mode.PRUNE),
    BACKUP("backup", Mode.SERVICE, Mode.ONE_SHOT),
    RETENTION("retention", Mode.SERVICE, Mode.ONE_SHOT, Mode.PRUNE),
    RESTORE("restore", Mode.SERVICE, Mode.ONE_SHOT, Mode.RESTORE, Mode.FILE_RESTORE),
    FROM_STORE("restore/from-store", Mode.SERVICE, Mode.ONE_SHOT, Mode.RESTORE),
    FROM_FILE("restore/from-file", Mode.FILE_RESTORE),
    STORE("store", Mode.SERVICE, Mode.ONE_SHOT, Mode.PRUNE, Mode.RESTORE);

    /** What Camel is to find; {@link #excluded} says what of it a mode leaves out. */
    static final String ALL = "file:routes/**/*" + RouteFiles.ENDING;

    /** What becomes of errors, which is the same in every mode. */
    private static final Path ERRORS = RouteFiles.FOLDER.resolve("errors" + RouteFiles.ENDING);

    /** As {@link RouteFiles} does. */
    private static final String HIDDEN = "**/.*/**";
    /** Triggers of users' own were known by their names before there were folders. */
    private static final String OWN_TRIGGER = "trigger-";

    private final Path folder;
    private final List<Mode> modes;

    RouteFolders(String folder, Mode... modes) {
        this.folder = RouteFiles.FOLDER.resolve(folder);
        this.modes = List.of(modes);
    }

    /** Camel's pattern of the files that a mode doesn't load. */
    static String excluded(Mode mode) {
        List<String> patterns = new ArrayList<>(List.of(HIDDEN));
        for (RouteFolders candidate : values()) {
            if (!candidate.modes.contains(mode)) {
                patterns.add("file:" + candidate.folder + "/**");
            }
        }
        if (!TRIGGERS.modes.contains(mode)) {
            patterns.add("file:" + RouteFiles.FOLDER + "/" + OWN_TRIGGER + "*");
        }
        return String.join(",", patterns);
    }

    /** Files that a mode loads, as Camel does by {@link #excluded}. */
    static List<Path> files(Mode mode) {
        return RouteFiles.all().stream()
                .filter(file -> Stream.of(values())
                        .allMatch(each -> each.modes.contains(mode) || !file.startsWith(each.folder)))
                .filter(file -> TRIGGERS.modes.contains(mode) || !isOwnTrigger(file))
                .toList();
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
        String own = RouteFiles.all().stream()
                .filter(file ->
                        !file.equals(ERRORS) && Stream.of(values()).noneMatch(each -> file.startsWith(each.folder)))
                .map(Path::toString)
                .collect(Collectors.joining(", "));
        return own.isEmpty()
                ? ""
                : "Routes outside Bactrian's folders are loaded by the service and by every command: " + own
                        + ". To load a file only where its neighbors are loaded, move it into a folder of routes/ "
                        + "(docs/routes.md).";
    }

    private static boolean isOwnTrigger(Path file) {
        return RouteFiles.FOLDER.equals(file.getParent())
                && String.valueOf(file.getFileName()).startsWith(OWN_TRIGGER);
    }
}
