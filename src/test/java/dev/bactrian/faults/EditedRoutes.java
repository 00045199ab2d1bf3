package dev.bactrian.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Routes as a user edits them: the YAML of one, with a step taken out, moved or added, in the place of the shipped one. */
final class EditedRoutes {

    private static final Path ROUTES = Path.of("routes");

    private EditedRoutes() {}

    /**
     * One edit; as a rule, a step that is taken out.
     *
     * @param step its id, or what it says where it has none; or what else is done
     * @param without the route's YAML without it, or with the edit
     * @param whole the route's YAML as shipped
     */
    record Cut(String route, String step, String without, String whole) {

        /** False where nothing is left of the route, or of what held the step: no service starts with that. */
        boolean use(CamelContext context) {
            return load(context, without);
        }

        void restore(CamelContext context) {
            if (!load(context, whole)) {
                throw new AssertionError("the shipped route can't be loaded: " + whole);
            }
        }

        private boolean load(CamelContext context, String yaml) {
            try {
                PluginHelper.getRoutesLoader(context)
                        .updateRoutes(ResourceHelper.fromString(route + ".camel.yaml", yaml));
                return true;
            } catch (Exception e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return step + " in " + route;
        }
    }

    /** Each step of these routes, whatever it is nested in. */
    static List<Cut> cuts(Set<String> routes) {
        List<Cut> cuts = new ArrayList<>();
        routes(routes).forEach(route -> cuts.addAll(cutsOf(route)));
        return cuts;
    }

    private static List<Map<?, ?>> routes(Set<String> ids) {
        List<Map<?, ?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROUTES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                List<Map<?, ?>> elements = elements(Files.readString(file));
                for (Map<?, ?> element : elements) {
                    Object route = element.containsKey("templatedRoute")
                            ? made((Map<?, ?>) element.get("templatedRoute"), elements)
                            : element.get("route");
                    if (route instanceof Map<?, ?> known && ids.contains(String.valueOf(known.get("id")))) {
                        found.add(known);
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }

    /** The route that a template of the same file makes. */
    private static Map<?, ?> made(Map<?, ?> templated, List<Map<?, ?>> elements) {
        Map<?, ?> template = elements.stream()
                .map(element -> element.get("routeTemplate"))
                .filter(found ->
                        found instanceof Map<?, ?> one && one.get("id").equals(templated.get("routeTemplateRef")))
                .map(found -> (Map<?, ?>) found)
                .findFirst()
                .orElseThrow();
        Map<Object, Object> route = new LinkedHashMap<>(Map.of("id", templated.get("routeId")));
        route.putAll((Map<?, ?>) template.get("route"));
        String text = new Dump(DumpSettings.builder().build()).dumpToString(route);
        for (Object parameters : List.of(templated.get("parameters"), template.get("parameters"))) {
            for (Object parameter : (List<?>) parameters) {
                Map<?, ?> one = (Map<?, ?>) parameter;
                Object value = one.containsKey("value") ? one.get("value") : one.get("defaultValue");
                text = value == null ? text : text.replace("{{" + one.get("name") + "}}", value.toString());
            }
        }
        return (Map<?, ?>) load(text);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> elements(String text) {
        return (List<Map<?, ?>>) load(text);
    }

    /** A step of one's own, as YAML, before the one with this label. */
    static Cut before(String route, String label, String yaml) {
        return edited(route, yaml + " before " + label, label, step -> List.of(load(yaml), step));
    }

    /** As {@link #before}, after it. */
    static Cut after(String route, String label, String yaml) {
        return edited(route, yaml + " after " + label, label, step -> List.of(step, load(yaml)));
    }

    /** A step of the route comes before another one of it, instead of where it was. */
    static Cut moved(String route, String label, String beforeLabel) {
        Map<?, ?> shipped = shipped(route);
        List<Object> taken = new ArrayList<>();
        Object without = replaced(shipped, label, step -> {
            taken.add(step);
            return List.of();
        });
        Object moved = replaced(without, beforeLabel, step -> List.of(taken.get(0), step));
        return new Cut(route, label + " before " + beforeLabel, dump(moved), dump(shipped));
    }

    /** These steps are taken out. */
    static Cut without(String route, String... labels) {
        Object edited = shipped(route);
        for (String label : labels) {
            edited = replaced(edited, label, step -> List.of());
        }
        return new Cut(route, String.join(" and ", labels), dump(edited), dump(shipped(route)));
    }

    /** A step is done twice; the second has no id, since no two may have the same. */
    static Cut twice(String route, String label) {
        return edited(route, label + " twice", label, step -> {
            Map.Entry<?, ?> only = ((Map<?, ?>) step).entrySet().iterator().next();
            Map<Object, Object> nameless = new LinkedHashMap<>((Map<?, ?>) only.getValue());
            nameless.remove("id");
            return List.of(step, Map.of(only.getKey(), nameless));
        });
    }

    /** A step that has a uri, with another one. */
    static Cut withUri(String route, String label, UnaryOperator<String> edit) {
        return edited(route, "another uri of " + label, label, step -> {
            Map.Entry<?, ?> only = ((Map<?, ?>) step).entrySet().iterator().next();
            Map<Object, Object> parts = new LinkedHashMap<>((Map<?, ?>) only.getValue());
            parts.compute("uri", (key, uri) -> edit.apply(String.valueOf(uri)));
            return List.of(Map.of(only.getKey(), parts));
        });
    }

    /** A step without one of its options. */
    static Cut withoutOption(String route, String label, String option) {
        return edited(route, label + " without " + option, label, step -> {
            Map.Entry<?, ?> only = ((Map<?, ?>) step).entrySet().iterator().next();
            Map<Object, Object> parts = new LinkedHashMap<>((Map<?, ?>) only.getValue());
            if (parts.remove(option) == null) {
                throw new AssertionError(label + " has no " + option);
            }
            return List.of(Map.of(only.getKey(), parts));
        });
    }

    private static Cut edited(String route, String how, String label, Function<Object, List<Object>> edit) {
        Map<?, ?> shipped = shipped(route);
        return new Cut(route, how, dump(replaced(shipped, label, edit)), dump(shipped));
    }

    private static Map<?, ?> shipped(String route) {
        return routes(Set.of(route)).get(0);
    }

    private static Object replaced(Object node, String label, Function<Object, List<Object>> edit) {
        AtomicInteger found = new AtomicInteger();
        Object replaced = replaced(node, label, edit, found);
        if (found.get() != 1) {
            throw new AssertionError(found + " steps are called " + label);
        }
        return replaced;
    }

    private static Object replaced(
            Object node, String label, Function<Object, List<Object>> edit, AtomicInteger found) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> {
                if ("steps".equals(key)) {
                    List<Object> steps = new ArrayList<>();
                    for (Object step : (List<?>) value) {
                        if (label.equals(label(step))) {
                            found.incrementAndGet();
                            steps.addAll(edit.apply(step));
                        } else {
                            steps.add(replaced(step, label, edit, found));
                        }
                    }
                    copy.put(key, steps);
                } else {
                    copy.put(key, replaced(value, label, edit, found));
                }
            });
            return copy;
        }
        return node instanceof List<?> list
                ? list.stream()
                        .map(element -> replaced(element, label, edit, found))
                        .toList()
                : node;
    }

    private static List<Cut> cutsOf(Map<?, ?> route) {
        String whole = dump(route);
        List<Cut> cuts = new ArrayList<>();
        for (int n = 0; n < count(route); n++) {
            int[] left = {n};
            Object[] taken = new Object[1];
            Object without = without(route, left, taken);
            if (!((Map<?, ?>) taken[0]).containsKey("log")) {
                cuts.add(new Cut(String.valueOf(route.get("id")), label(taken[0]), dump(without), whole));
            }
        }
        return cuts;
    }

    private static String dump(Object route) {
        return new Dump(DumpSettings.builder().build()).dumpToString(List.of(Map.of("route", route)));
    }

    private static Object load(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static int count(Object node) {
        int count = 0;
        if (node instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if ("steps".equals(entry.getKey())) {
                    count += ((List<?>) entry.getValue()).size();
                }
                count += count(entry.getValue());
            }
        } else if (node instanceof List<?> list) {
            count = list.stream().mapToInt(EditedRoutes::count).sum();
        }
        return count;
    }

    /** A copy without the step whose number is left; the number counts down on the way. */
    private static Object without(Object node, int[] left, Object[] taken) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(
                    key, "steps".equals(key) ? steps((List<?>) value, left, taken) : without(value, left, taken)));
            return copy;
        }
        if (node instanceof List<?> list) {
            return list.stream().map(element -> without(element, left, taken)).toList();
        }
        return node;
    }

    private static List<Object> steps(List<?> steps, int[] left, Object[] taken) {
        List<Object> copy = new ArrayList<>();
        for (Object step : steps) {
            if (taken[0] == null && left[0]-- == 0) {
                taken[0] = step;
            } else {
                copy.add(without(step, left, taken));
            }
        }
        return copy;
    }

    private static String label(Object step) {
        Map.Entry<?, ?> only = ((Map<?, ?>) step).entrySet().iterator().next();
        if (only.getValue() instanceof Map<?, ?> parts) {
            for (String key : List.of("id", "name", "uri")) {
                if (parts.get(key) != null) {
                    return only.getKey() + " " + parts.get(key);
                }
            }
        }
        return only.getKey() + " " + only.getValue();
    }
}
