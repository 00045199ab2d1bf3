package dev.bactrian.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules of the house, held by the classes and files as they are. */
class HouseRulesTest {

    private static final JavaClasses MAIN = importMain();

    private static final int LONGEST_CLASS = 250;
    private static final int LONGEST_ROUTES = 120;
    private static final Pattern FALLIBLE = Pattern.compile("(bean|exec|sql|aws2-s3):.*");
    private static final Pattern WRITING_SQL =
            Pattern.compile("sql/(?:[a-z]+/)+(?:insert|mark|claim|forget|cancel)-[a-z-]+\\.sql");

    /** No table follows the UPDATE of FOR UPDATE and of DO UPDATE. */
    private static final Pattern WRITTEN_TABLE =
            Pattern.compile("\\b(?:INSERT INTO|(?<!FOR |DO )UPDATE|DELETE FROM) (\\w+)");

    @Test
    void onlyTheProgramsOfPostgresqlAreStarted() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bactrian.postgres.program..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .callMethodWhere(describe(
                        "Runtime.exec",
                        call -> call.getTargetOwner().isEquivalentTo(Runtime.class)
                                && call.getName().equals("exec")))
                .check(MAIN);
    }

    @Test
    void onlyTheStoreKnowsTheAwsSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bactrian.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(MAIN);
    }

    @Test
    void onlyTheDemoKnowsEmbeddedServers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bactrian.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.gaul..", "io.zonky..")
                .check(MAIN);
    }

    @Test
    void nothingButTheCommandLineKnowsTheDemo() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.bactrian.demo..", "dev.bactrian.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.bactrian.demo..")
                .check(MAIN);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bactrian.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.bactrian.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(MAIN);
        classes()
                .that()
                .haveFullyQualifiedName("dev.bactrian.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(MAIN);
    }

    @Test
    void thereIsOneWayToLog() {
        noClasses()
                // How a line of the log is written.
                .that()
                .resideOutsideOfPackage("dev.bactrian.support..")
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.logging..")
                        .or(resideInAPackage("org.apache.commons.logging.."))
                        .or(resideInAPackage("ch.qos.logback..")))
                .check(MAIN);
    }

    @Test
    void packagesDoNotGoInCircles() {
        assertThat(cycles(name -> name))
                .as("whole names, nested, the root included")
                .isEmpty();
        assertThat(cycles(name -> name.split("\\.", -1)[0]))
                .as("first segments")
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        for (Path folder : folders("src/main/java/dev/bactrian")) {
            assertThat(folder.resolve("package-info.java")).content().contains("/**", "@NullMarked");
        }
    }

    /** Imports apart: nobody reads them. */
    @Test
    void noClassIsTooLongToRead() {
        assertThat(files("src/main/java", ".java")).isNotEmpty().allSatisfy(file -> assertThat(
                        lines(file).stream().filter(line -> !line.startsWith("import ")))
                .as(file.toString())
                .hasSizeLessThanOrEqualTo(LONGEST_CLASS));
    }

    @Test
    void noRouteFileIsTooLongToRead() {
        assertThat(routeFiles()).isNotEmpty().allSatisfy(file -> assertThat(lines(file))
                .as(file.toString())
                .hasSizeLessThanOrEqualTo(LONGEST_ROUTES));
    }

    @Test
    void everyRouteHasAnIdAndSaysWhatItDoes() {
        Set<String> ids = new HashSet<>();
        for (Path file : routeFiles()) {
            for (Map<?, ?> route : routes(file)) {
                assertThat(String.valueOf(route.get("id"))).as("id in %s", file).matches("[a-z0-9]+(-[a-z0-9]+)*");
                assertThat(String.valueOf(route.get("description")))
                        .as("description of %s in %s", route.get("id"), file)
                        .hasSizeGreaterThan(10);
                assertThat(ids.add(String.valueOf(route.get("id"))))
                        .as("%s is there once", route.get("id"))
                        .isTrue();
            }
        }
        assertThat(ids).contains("run-backup", "claim-backup");
    }

    /** Tests weave by them; logs and error_text name them. */
    @Test
    void everyStepThatCanFailHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        List<String> without = new ArrayList<>();
        for (Path file : routeFiles()) {
            for (Map<?, ?> route : routes(file)) {
                for (Step step : steps(route)) {
                    if (FALLIBLE.matcher(step.uri()).matches()) {
                        if (step.id().isEmpty() || !ids.add(step.id())) {
                            without.add(file + ": " + step);
                        }
                    }
                }
            }
        }
        assertThat(without).isEmpty();
        assertThat(ids).contains("pg-dump", "claim-row", "{{name}}-head", "stop-everything");
    }

    @Test
    void eachTableIsWrittenByRoutesOfItsOwn() {
        Map<String, String> writers = Map.of(
                "routes/control/status.camel.yaml", "backup_history",
                "routes/control/queue.camel.yaml", "backup_history",
                "routes/control/request.camel.yaml", "backup_dispatches",
                // Only its own columns, which say who was told.
                "routes/control/notify.camel.yaml", "backup_history",
                "routes/control/status-external.camel.yaml", "backup_history",
                // What comes after a backup's end: other columns.
                "routes/retention/archive-status.camel.yaml", "backup_history",
                "routes/control/restore-status.camel.yaml", "restore_history",
                "routes/settings/settings.camel.yaml", "system_settings_kv");
        for (Path file : routeFiles()) {
            Set<String> written = new TreeSet<>();
            WRITING_SQL.matcher(text(file)).results().forEach(found -> WRITTEN_TABLE
                    .matcher(text(Path.of(found.group())).replaceAll("--[^\n]*", ""))
                    .results()
                    .forEach(table -> written.add(table.group(1))));
            String own = writers.get(file.toString());
            assertThat(written).as(file.toString()).isEqualTo(own == null ? Set.of() : Set.of(own));
            assertThat(text(file))
                    .as(file.toString())
                    .doesNotContainPattern("(?i)\\b(INSERT INTO|UPDATE backup|UPDATE restore|DELETE FROM)\\b");
        }
    }

    @Test
    void aQueryThatWritesIsNamedForIt() {
        for (Path file : files("sql", ".sql")) {
            String statements = text(file).replaceAll("--[^\n]*", "");
            boolean writes = Pattern.compile("(?i)\\b(INSERT INTO|UPDATE \\w+|DELETE FROM|TRUNCATE)\\b")
                    .matcher(statements.replaceAll("(?i)FOR UPDATE", ""))
                    .find();
            assertThat(WRITING_SQL.matcher(file.toString()).matches())
                    .as(file.toString())
                    .isEqualTo(writes);
        }
    }

    @Test
    void noJavaWritesTheHistory() {
        assertThat(files("src/main/java", ".java")).allSatisfy(file -> assertThat(text(file))
                .as(file.toString())
                .doesNotContainPattern("(?i)(INSERT INTO|UPDATE|DELETE FROM) (backup|restore)_history"));
    }

    @Test
    void everyQueryIsUsedAndEveryUsedQueryIsThere() {
        String users = all(routeFiles()) + all(files("src/main/java", ".java"));
        Set<String> there = files("sql", ".sql").stream().map(Path::toString).collect(toCollection(TreeSet::new));

        assertThat(there).isNotEmpty().allSatisfy(file -> assertThat(users)
                .contains(Path.of(file).getFileName().toString()));
        assertThat(Pattern.compile("file:(sql/[a-z0-9/-]+\\.sql)")
                        .matcher(users)
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(there).contains(file));
    }

    /** A name that nobody bound fails a backup at night and not the start. */
    @Test
    void everyBeanThatARouteNamesIsBound() {
        String java = all(files("src/main/java", ".java"));
        Set<String> named = Pattern.compile("(?:\\bbean:|\\bref: )([a-zA-Z][a-zA-Z0-9]*)")
                .matcher(all(routeFiles()))
                .results()
                .map(found -> found.group(1))
                .collect(toCollection(TreeSet::new));

        assertThat(named).hasSizeGreaterThan(20).allSatisfy(bean -> assertThat(java)
                .containsPattern("(?:bind|accept)\\(\\s*\"" + bean + "\""));
    }

    @Test
    void everyRouteThatIsCalledIsThere() {
        Set<String> called = new TreeSet<>();
        Set<String> there = new TreeSet<>();
        for (Path file : routeFiles()) {
            for (Map<?, ?> route : routes(file)) {
                if (route.get("from") instanceof Map<?, ?> from) {
                    there.add(String.valueOf(from.get("uri")).replace("{{name}}", "archives"));
                }
                steps(route).stream()
                        .map(Step::uri)
                        .filter(uri -> uri.startsWith("direct:"))
                        .forEach(called::add);
            }
        }
        assertThat(called).hasSizeGreaterThan(20).isSubsetOf(there);
    }

    /** Without the classes of libraries, whose names are enough: reading those takes most of the time. */
    private static JavaClasses importMain() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.bactrian");
    }

    private record Step(String id, String uri) {}

    /** Every {@code to}, in whatever it is nested, in its short and its long form. */
    private static List<Step> steps(Object node) {
        List<Step> found = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(element -> found.addAll(steps(element)));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ("from".equals(key) && value instanceof Map<?, ?> from) {
                    found.addAll(steps(from.get("steps")));
                } else if (value instanceof String uri
                        && Set.of("to", "toD", "wireTap").contains(key)) {
                    found.add(new Step("", uri));
                } else if (value instanceof Map<?, ?> step && step.get("uri") instanceof String uri) {
                    found.add(new Step(
                            step.get("id") == null ? "" : step.get("id").toString(), uri));
                } else {
                    found.addAll(steps(value));
                }
            });
        }
        return found;
    }

    private static List<Map<?, ?>> routes(Path file) {
        List<Map<?, ?>> routes = new ArrayList<>();
        Object document = new Load(LoadSettings.builder().build()).loadFromString(text(file));
        for (Object element : (List<?>) document) {
            ((Map<?, ?>) element).forEach((kind, value) -> {
                if (value instanceof Map<?, ?> template && template.get("route") instanceof Map<?, ?> inner) {
                    Map<Object, Object> route = new HashMap<>(inner);
                    route.put("id", template.get("id"));
                    route.put("description", template.get("description"));
                    routes.add(route);
                } else if (!"templatedRoute".equals(kind)) {
                    routes.add((Map<?, ?>) value);
                }
            });
        }
        return routes;
    }

    /** Sets of packages each of which can be reached from each other one. */
    private static Set<Set<String>> cycles(UnaryOperator<String> part) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass from : MAIN) {
            from.getDirectDependenciesFromSelf().forEach(dependency -> {
                if (isOurs(dependency.getTargetClass())) {
                    String user = part.apply(capability(from));
                    String used = part.apply(capability(dependency.getTargetClass()));
                    if (!user.equals(used)) {
                        uses.computeIfAbsent(user, name -> new TreeSet<>()).add(used);
                    }
                }
            });
        }
        assertThat(uses).as("what uses what").containsKeys("dump", "cli");
        Set<Set<String>> cycles = new HashSet<>();
        for (String start : uses.keySet()) {
            Set<String> cycle = reachable(uses, start).stream()
                    .filter(other -> reachable(uses, other).contains(start))
                    .collect(toCollection(TreeSet::new));
            if (!cycle.isEmpty()) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    private static Set<String> reachable(Map<String, Set<String>> uses, String start) {
        Set<String> reached = new TreeSet<>();
        List<String> next = new ArrayList<>(uses.getOrDefault(start, Set.of()));
        while (!next.isEmpty()) {
            String at = next.remove(0);
            if (reached.add(at)) {
                next.addAll(uses.getOrDefault(at, Set.of()));
            }
        }
        return reached;
    }

    private static boolean isOurs(JavaClass type) {
        return (type.getBaseComponentType().getPackageName() + ".").startsWith("dev.bactrian.");
    }

    /** A package's name below the root's, which is empty. */
    private static String capability(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        return name.equals("dev.bactrian") ? "" : name.substring("dev.bactrian.".length());
    }

    private static List<Path> routeFiles() {
        return files("routes", ".camel.yaml");
    }

    private static String all(List<Path> files) {
        StringBuilder text = new StringBuilder();
        files.forEach(file -> text.append(text(file)).append('\n'));
        return text.toString();
    }

    private static List<Path> files(String folder, String end) {
        return walk(folder, path -> Files.isRegularFile(path) && path.toString().endsWith(end));
    }

    private static List<Path> folders(String folder) {
        return walk(folder, Files::isDirectory);
    }

    private static List<Path> walk(String folder, java.util.function.Predicate<Path> wanted) {
        try (Stream<Path> found = Files.walk(Path.of(folder))) {
            return found.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
