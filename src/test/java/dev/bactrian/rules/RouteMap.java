package dev.bactrian.rules;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The map of all routes as Markdown, with a picture: from the files' comments, the routes' descriptions and their calls. */
final class RouteMap {

    private static final int SHOWN = 4;
    /** Called from nearly everywhere: arrows to it would hide the others. */
    private static final Set<String> LEFT_OUT = Set.of("control/status", "control/restore-status");

    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, String> serving = new LinkedHashMap<>();
    private final Map<String, Set<String>> calls = new TreeMap<>();
    private final Set<String> calledFromElsewhere = new TreeSet<>();

    RouteMap() {
        for (Path file : SourceFiles.routeFiles()) {
            files.put(name(file), file);
            RouteYaml.routes(file).forEach(route -> serving.put(RouteYaml.from(route), name(file)));
        }
        files.forEach((name, file) -> RouteYaml.routes(file).forEach(route -> called(name, route)));
    }

    private void called(String name, Map<?, ?> route) {
        for (RouteYaml.Step step : RouteYaml.steps(route)) {
            String other = serving.get(step.uri());
            if (other != null && !other.equals(name)) {
                calls.computeIfAbsent(name, key -> new TreeSet<>()).add(other);
                calledFromElsewhere.add(step.uri());
            }
        }
    }

    /** The whole block. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("A backup, by files; nearly all of them call `control/status`, too:\n\n")
                .append(picture(reachable("control/request")));
        text.append("\nA restore, and the proof of a backup:\n\n")
                .append(picture(
                        reachable("restore/restore", "restore/recorded/verify-recorded", "restore/import-users")));
        Map<String, List<String>> folders = new LinkedHashMap<>();
        files.keySet().forEach(name -> folders.computeIfAbsent(folder(name), key -> new ArrayList<>())
                .add(name));
        folders.forEach((folder, names) -> text.append(table(folder, names)));
        return text.toString();
    }

    private Set<String> reachable(String... starts) {
        Set<String> found = new LinkedHashSet<>();
        List<String> next = new ArrayList<>(Arrays.asList(starts));
        while (!next.isEmpty()) {
            String name = next.remove(0);
            if (!LEFT_OUT.contains(name) && found.add(name)) {
                next.addAll(calls.getOrDefault(name, Set.of()));
            }
        }
        return found;
    }

    private String picture(Set<String> names) {
        Map<String, List<String>> folders = new LinkedHashMap<>();
        names.forEach(name ->
                folders.computeIfAbsent(folder(name), key -> new ArrayList<>()).add(name));
        StringBuilder text = new StringBuilder("```mermaid\nflowchart LR\n");
        folders.forEach((folder, members) -> {
            text.append("  subgraph ")
                    .append(id(folder))
                    .append("[\"")
                    .append(folder)
                    .append("\"]\n");
            members.forEach(name -> text.append("    ")
                    .append(id(name))
                    .append("[\"")
                    .append(name.substring(folder.length() + 1))
                    .append("\"]\n"));
            text.append("  end\n");
        });
        names.forEach(name -> calls.getOrDefault(name, Set.of()).stream()
                .filter(names::contains)
                .forEach(other -> text.append("  ")
                        .append(id(name))
                        .append(" --> ")
                        .append(id(other))
                        .append('\n')));
        return text.append("```\n").toString();
    }

    private String table(String folder, List<String> names) {
        StringBuilder text = new StringBuilder("\n### " + (folder.isEmpty() ? "routes" : folder) + "\n\n");
        text.append("| File | What it holds | Begins with |\n|---|---|---|\n");
        int routes = 0;
        StringBuilder all = new StringBuilder("| Route | In | What it does |\n|---|---|---|\n");
        for (String name : names) {
            Path file = files.get(name);
            String own = folder.isEmpty() ? name : name.substring(folder.length() + 1);
            text.append("| [`%s`](../%s) | %s | %s |\n".formatted(own, file, summary(file), entries(file)));
            for (Map<?, ?> route : RouteYaml.routes(file)) {
                if (!RouteYaml.from(route).isEmpty()) {
                    routes++;
                    all.append(
                            "| `%s` | `%s` | %s |\n".formatted(route.get("id"), own, cell(route.get("description"))));
                }
            }
        }
        return routes == 0
                ? text.toString()
                : text + "\n<details><summary>All " + routes + " routes of " + folder + "</summary>\n\n" + all
                        + "\n</details>\n";
    }

    /** The first sentence of the comment that a file begins with. */
    static String summary(Path file) {
        String comment = SourceFiles.lines(file).stream()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip())
                .takeWhile(line -> !line.isEmpty())
                .collect(joining(" "));
        return cell(comment.replaceFirst("(?<=[.]) .*", "").replaceFirst("[.]$", ""));
    }

    private String entries(Path file) {
        List<String> found = RouteYaml.routes(file).stream()
                .map(RouteYaml::from)
                .filter(from -> calledFromElsewhere.contains(from) || !from.isEmpty() && !from.startsWith("direct:"))
                .map(from -> "`" + from.replaceFirst("^(timer|quartz):.*", "$1:") + "`")
                .distinct()
                .toList();
        return found.stream().limit(SHOWN).collect(joining(", ")) + (found.size() > SHOWN ? ", …" : "");
    }

    private static String cell(Object text) {
        return String.valueOf(text).replace("|", "\\|");
    }

    private static String name(Path file) {
        return file.toString().replace('\\', '/').replaceFirst("^routes/", "").replaceFirst("\\.camel\\.yaml$", "");
    }

    /** In a picture. */
    private static String id(String name) {
        return name.replaceAll("[^a-z]", "_");
    }

    private static String folder(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }
}
