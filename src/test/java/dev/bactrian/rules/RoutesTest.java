package dev.bactrian.rules;

import static dev.bactrian.rules.RouteYaml.from;
import static dev.bactrian.rules.RouteYaml.routes;
import static dev.bactrian.rules.RouteYaml.steps;
import static dev.bactrian.rules.SourceFiles.all;
import static dev.bactrian.rules.SourceFiles.files;
import static dev.bactrian.rules.SourceFiles.lines;
import static dev.bactrian.rules.SourceFiles.routeFiles;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the house for routes, held by their files as they are. */
class RoutesTest {

    private static final int LONGEST_ROUTES = 120;
    private static final Pattern FALLIBLE = Pattern.compile("(bean|exec|sql|aws2-s3):.*");

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
                // The one configuration for every route that names no other.
                if (route.get("id") == null && file.endsWith("errors.camel.yaml")) {
                    continue;
                }
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
                for (RouteYaml.Step step : steps(route)) {
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

    /** A name that isn't bound fails a backup at night and not the start. */
    @Test
    void everyBeanThatARouteNamesIsBound() {
        String java = all(files("src/main/java", ".java"));
        Set<String> named = Pattern.compile("(?:\\bbean:|\\bref: )([a-zA-Z][a-zA-Z0-9]*)")
                .matcher(all(routeFiles()))
                .results()
                .map(found -> found.group(1))
                .collect(toCollection(TreeSet::new));

        Map<String, String> declared = Pattern.compile("\\{ name: (\\w+), type: ([\\w.$]+)")
                .matcher(all(routeFiles()))
                .results()
                .collect(toMap(found -> found.group(1), found -> found.group(2)));
        assertThat(declared.values())
                .allSatisfy(type -> assertThat(Class.forName(type)).isPublic());
        assertThat(named).hasSizeGreaterThan(20).allSatisfy(bean -> assertThat(declared.containsKey(bean)
                        || Pattern.compile("(?:bind|accept)\\(\\s*\"" + bean + "\"")
                                .matcher(java)
                                .find())
                .as(bean)
                .isTrue());
    }

    @Test
    void everyRouteThatIsCalledIsThere() {
        Set<String> called = new TreeSet<>();
        Set<String> there = new TreeSet<>();
        for (Path file : routeFiles()) {
            for (Map<?, ?> route : routes(file)) {
                there.add(from(route));
                steps(route).stream()
                        .map(RouteYaml.Step::uri)
                        .filter(uri -> uri.startsWith("direct:"))
                        .forEach(called::add);
            }
        }
        assertThat(called).hasSizeGreaterThan(20).isSubsetOf(there);
    }
}
