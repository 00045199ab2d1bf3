package dev.bactrian.postgres.url;

import dev.bactrian.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The configured databases by name, in the order of their names with {@code default} first. */
public final class Databases {

    private final Map<String, Database> byName = new LinkedHashMap<>();

    public Databases(List<Database> databases) {
        databases.forEach(database -> byName.put(database.name(), database));
    }

    public Optional<Database> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** What to say of a name that {@link #find} doesn't know. */
    public String unknown(String name) {
        return "There is no database " + name + ". Configured are: " + String.join(", ", names()) + ".";
    }

    public Database get(String name) {
        return find(name)
                .orElseThrow(() -> ProblemException.stopped(
                        "No database named " + name + " is configured.",
                        "Set " + variable(name) + " and restart, or use one of: " + String.join(", ", names()) + "."));
    }

    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** The same as one text, with a space between two. */
    public String nameList() {
        return String.join(" ", names());
    }

    public List<Database> all() {
        return List.copyOf(byName.values());
    }

    /** What a name means here: {@code host:port/database}. */
    public String target(String name) {
        return get(name).url().address();
    }

    /** What these names mean here, a line each. */
    public String targetLines(List<String> names) {
        return names.stream().map(this::target).collect(Collectors.joining("\n"));
    }

    /** Name and target of every database, a line each. */
    public String targets() {
        return names().stream().map(name -> name + " " + target(name)).collect(Collectors.joining("\n"));
    }

    private static String variable(String name) {
        return "default".equals(name) ? "DATABASE_URL" : "DATABASE_URL_" + name.toUpperCase(java.util.Locale.ROOT);
    }
}
