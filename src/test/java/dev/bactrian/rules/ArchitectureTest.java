package dev.bactrian.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.bactrian.rules.SourceFiles.files;
import static dev.bactrian.rules.SourceFiles.folders;
import static dev.bactrian.rules.SourceFiles.lines;
import static dev.bactrian.rules.SourceFiles.routeFiles;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The rules of the house for Java: who may use what, and how long a class may be. */
class ArchitectureTest {

    private static final JavaClasses MAIN = importMain();
    private static final int LONGEST_CLASS = 250;

    @Test
    void onlyTheProgramsOfPostgresqlAreStarted() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.bactrian.postgres.program..")
                // Starts Bactrian itself, for the demo.
                .and()
                .doNotHaveFullyQualifiedName("dev.bactrian.cli.Rehearsal")
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
            assertThat(folder.resolve("package-info.java")).content().contains("/** ", "@NullMarked");
        }
    }

    @Test
    void noClassIsTooLongToRead() {
        assertThat(files("src/main/java", ".java")).isNotEmpty().allSatisfy(file -> assertThat(lines(file))
                .as(file.toString())
                .hasSizeLessThanOrEqualTo(LONGEST_CLASS));
    }

    /** The failure of a route that no other calls would reach no handler. */
    @Test
    void whatIsNotCalledNamesItsErrorHandler() {
        for (Path file : routeFiles()) {
            for (Map<?, ?> route : RouteYaml.routes(file)) {
                if (!RouteYaml.from(route).isEmpty()) {
                    boolean named = route.containsKey("errorHandler") || route.containsKey("routeConfigurationId");
                    boolean called = RouteYaml.from(route).startsWith("direct:");
                    assertThat(called || named)
                            .as("%s in %s", route.get("id"), file)
                            .isTrue();
                    assertThat(called && route.containsKey("errorHandler"))
                            .as("%s in %s repeats what every route has", route.get("id"), file)
                            .isFalse();
                }
            }
        }
    }

    /** Without the classes of libraries, whose names are enough: reading those takes most of the time. */
    private static JavaClasses importMain() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.bactrian");
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
}
