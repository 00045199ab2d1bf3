package dev.bactrian.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.RouteFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.AntPathMatcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mode loads folders of routes/, and in them is what its routes call. */
class RouteFoldersTest {

    private static final Pattern SERVED = Pattern.compile("from:\\s+uri: \"?direct:([\\w-]+)");
    private static final Pattern BEGUN_BY = Pattern.compile("from:\\s+uri: \"?([\\w-]+):");
    private static final Pattern CALLED = Pattern.compile("direct:([\\w-]+)");

    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatAModesRoutesCallIsInItsFolders(Mode mode) {
        String routes =
                RouteFolders.files(mode).stream().map(RouteFoldersTest::text).collect(Collectors.joining("\n"));
        List<String> served = found(SERVED, routes);

        assertThat(served).isNotEmpty().doesNotHaveDuplicates();
        assertThat(new TreeSet<>(found(CALLED, routes))).isEqualTo(new TreeSet<>(served));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void camelLoadsTheSame(Mode mode) {
        String[] excluded = RouteFolders.excluded(mode).split(",");

        assertThat(RouteFiles.all().stream()
                        .filter(file -> !AntPathMatcher.INSTANCE.anyMatch(excluded, "file:" + file))
                        .toList())
                .isEqualTo(RouteFolders.files(mode));
    }

    @Test
    void everyShippedFileIsInAFolderOfAMode() {
        Set<Path> loaded = new TreeSet<>();
        for (Mode mode : Mode.values()) {
            loaded.addAll(RouteFolders.files(mode));
        }

        assertThat(loaded).hasSizeGreaterThan(50).containsExactlyInAnyOrderElementsOf(RouteFiles.all());
        assertThat(RouteFolders.note()).isEmpty();
    }

    /** Nor is anything of a user's own loaded that might begin something. */
    @Test
    void aCheckLoadsOnlyWhatItCalls() {
        String routes = RouteFolders.files(Mode.CHECK).stream()
                .map(RouteFoldersTest::text)
                .collect(Collectors.joining("\n"));

        assertThat(found(BEGUN_BY, routes)).hasSizeGreaterThan(5).containsOnly("direct");
        assertThat(RouteFolders.loads(Mode.CHECK, Path.of("routes/mine.camel.yaml")))
                .isFalse();
        assertThat(RouteFolders.loads(Mode.CHECK, Path.of("routes/mine/own.camel.yaml")))
                .isFalse();
        assertThat(RouteFolders.loads(Mode.RESTORE, Path.of("routes/mine.camel.yaml")))
                .isTrue();
    }

    @Test
    void aFolderInAnotherIsLoadedByItsOwnLine() {
        assertThat(RouteFolders.loads(Mode.CHECK, Path.of("routes/backup/detect/mine.camel.yaml")))
                .isTrue();
        assertThat(RouteFolders.loads(Mode.CHECK, Path.of("routes/backup/mine.camel.yaml")))
                .isFalse();
        assertThat(RouteFolders.loads(Mode.RESTORE, Path.of("routes/restore/from-file/mine.camel.yaml")))
                .isFalse();
        assertThat(RouteFolders.loads(Mode.RESTORE, Path.of("routes/restore/mine/own.camel.yaml")))
                .isTrue();
    }

    /** It would take a sixth of the CPU time of a small backup to load those of a restore. */
    @Test
    void aBackupByCommandLoadsOfARestoreOnlyWhatItCalls() {
        assertThat(RouteFolders.files(Mode.ONE_SHOT))
                .filteredOn(file -> file.startsWith("routes/restore"))
                .containsExactly(Path.of("routes/restore/origin/origin.camel.yaml"));
        assertThat(RouteFolders.files(Mode.RECORDED_VERIFY))
                .containsAll(RouteFolders.files(Mode.ONE_SHOT))
                .contains(Path.of("routes/restore/verify.camel.yaml"));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String text(Path file) {
        try {
            // As a store's template makes it.
            return Files.readString(file).replaceAll("(?m)^\\s*#.*$", "").replace("{{name}}", "archives");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
