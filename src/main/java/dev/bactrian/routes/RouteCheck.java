package dev.bactrian.routes;

import dev.bactrian.config.RouteFiles;
import dev.bactrian.problem.ConfigurationException;
import dev.bactrian.routes.RouteNames.Bean;
import dev.bactrian.routes.RouteNames.Endpoint;
import dev.bactrian.routes.RouteNames.Query;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;

/** Refuses routes that could only fail, or lose a failure, when they are reached: in the middle of a backup, at night. */
public final class RouteCheck {

    private static final String DIRECT = "direct";

    private final CamelContext camel;
    private final List<Path> files;
    private final RouteNames named = new RouteNames();
    private final List<String> errors = new ArrayList<>();

    private RouteCheck(CamelContext camel, List<Path> files) {
        this.camel = camel;
        this.files = files;
    }

    /**
     * Checks what these files name against what there is.
     *
     * @param camel with all routes and beans, not started yet
     * @param files those it was loaded from
     * @throws ConfigurationException with file, line and remedy of all that is wrong
     */
    public static void require(CamelContext camel, List<Path> files) {
        List<String> errors = new RouteCheck(camel, files).errors();
        errors.addAll(DeadHandlers.of(camel));
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
    }

    /**
     * What is wrong that needs no bean and no component to be seen, for files that Camel couldn't load.
     *
     * @return empty where that says nothing
     */
    static List<String> ofText(CamelContext camel, List<Path> files) {
        RouteCheck check = new RouteCheck(camel, files);
        check.read();
        return check.errors;
    }

    private void read() {
        files.forEach(file -> RouteText.read(file, named));
        named.templates.addTo(named);
        twice();
        calls();
    }

    private void twice() {
        Map<String, Set<String>> places = new TreeMap<>();
        named.declared.forEach(declared -> places.computeIfAbsent(declared.what(), what -> new TreeSet<>())
                .add(declared.place().toString()));
        named.endpoints.stream()
                .filter(endpoint -> endpoint.served() && DIRECT.equals(endpoint.scheme()))
                .forEach(endpoint -> places.computeIfAbsent(
                                "a route from " + DIRECT + ":" + name(endpoint), what -> new TreeSet<>())
                        .add(endpoint.place().toString()));
        places.forEach((what, where) -> {
            if (where.size() > 1) {
                errors.add(String.join(" and ", where) + " have " + what
                        + ". Remove one of them; of two files that do the same, such as two stores, remove one.");
            }
        });
    }

    private List<String> errors() {
        read();
        named.endpoints.forEach(this::options);
        named.beans.forEach(this::bean);
        named.queries.forEach(this::query);
        return errors;
    }

    private void calls() {
        Set<String> served = served(named);
        for (Endpoint call : named.endpoints) {
            String name = name(call);
            if (!call.served() && DIRECT.equals(call.scheme()) && !isOpen(name) && !served.contains(name)) {
                errors.add(call.place() + ": no loaded route serves direct:" + name + ", so its callers would fail."
                        + elsewhere(name, served));
            }
        }
    }

    /** What to do: the route may be in a folder that isn't loaded here. */
    private String elsewhere(String name, Set<String> served) {
        for (Path file : RouteFiles.all()) {
            RouteNames others = new RouteNames();
            if (!files.contains(file)) {
                RouteText.read(file, others);
                others.templates.addTo(others);
            }
            if (served(others).contains(name)) {
                return " " + file
                        + " does, but that file isn't loaded: docs/routes.md says which folders each command loads.";
            }
        }
        String near = NearNames.question(DIRECT + ":", name, served);
        return near.isEmpty() ? " Correct the name, or add a route that begins with it." : near;
    }

    private Set<String> served(RouteNames from) {
        return from.endpoints.stream()
                .filter(endpoint -> endpoint.served() && DIRECT.equals(endpoint.scheme()))
                .map(this::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void options(Endpoint endpoint) {
        String scheme = endpoint.scheme();
        if (scheme.isEmpty() || isOpen(scheme) || scheme.contains("$")) {
            return;
        }
        EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
        if (factory == null) {
            if (camel.getComponent(scheme, true, false) == null) {
                errors.add(endpoint.place() + ": there is no component \"" + scheme + "\" for " + scheme + ":"
                        + endpoint.path() + ". Correct the name, or put the component's jar into lib/ext/.");
            }
            return;
        }
        for (String option : endpoint.options()) {
            if (!factory.isLenientProperties()
                    && !factory.propertyNames().contains(option)
                    && factory.multiValuePrefixes().values().stream().noneMatch(option::startsWith)) {
                errors.add(endpoint.place() + ": " + scheme + ": has no option \"" + option + "\"."
                        + remedy(option, factory.propertyNames()));
            }
        }
    }

    private void bean(Bean use) {
        Object bean = camel.getRegistry().lookupByName(use.name());
        if (bean == null) {
            if (camel.getExecutorServiceManager().getThreadPoolProfile(use.name()) == null) {
                errors.add(use.place() + ": there is no bean \"" + use.name() + "\"."
                        + remedy(
                                use.name(),
                                new TreeMap<>(camel.getRegistry().findByTypeWithName(Object.class)).keySet()));
            }
            return;
        }
        Set<String> methods =
                Stream.of(bean.getClass().getMethods()).map(Method::getName).collect(Collectors.toSet());
        if (use.method() != null && !methods.contains(use.method())) {
            errors.add(use.place() + ": the bean \"" + use.name() + "\" has no method \"" + use.method() + "\"."
                    + remedy(use.method(), methods));
        }
    }

    private void query(Query query) {
        Path file = Path.of(query.file());
        if (Files.exists(file)) {
            return;
        }
        String found = SqlFiles.named(String.valueOf(file.getFileName()));
        errors.add(query.place() + ": the file " + file + " isn't there."
                + (found.isEmpty() ? " Correct the name, or add the query file." : " Did you mean " + found + "?"));
    }

    private static String remedy(String name, Iterable<String> known) {
        List<String> names = new ArrayList<>();
        known.forEach(names::add);
        String near = NearNames.question("", name, names);
        return near.isEmpty() ? " Correct the name." : near;
    }

    /** The endpoint's name, with the values of settings in it. */
    private String name(Endpoint endpoint) {
        try {
            return camel.resolvePropertyPlaceholders(endpoint.path());
        } catch (IllegalArgumentException e) {
            // A template's parameter.
            return endpoint.path();
        }
    }

    private static boolean isOpen(String name) {
        return name.contains("{{") || name.contains("${");
    }
}
