package dev.bactrian.restore.plan;

import dev.bactrian.restore.RestorePlan;
import dev.bactrian.restore.ddl.Definitions;
import dev.bactrian.restore.ddl.ScriptEntry;
import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which definitions of an archive reach other systems when they are used: by extensions and languages that can, by foreign
 * tables, and by whatever uses those. What the dump records as a dependency is followed; bodies of functions, of which it
 * records none, are searched for the names. So a function that merely mentions such a name counts, too, and one that puts
 * its calls together from texts doesn't.
 */
public final class OutwardCalls {

    /** Foreign data wrappers and what else connects; languages whose functions may do anything. */
    private static final Pattern EXTENSIONS = Pattern.compile(
            ".+_fdw|wrappers|dblink|http|pg_net|plproxy|aws_s3|aws_lambda|(?:pg_)?amqp|plsh|plr|pl(?:python[23]?|perl|tcl|java)u");

    /** Calls of their functions, wherever those are defined; and programs that COPY starts. */
    private static final Pattern CALLS =
            Pattern.compile("\\b(?:dblink\\w*|http|http_\\w+|aws_s3\\s*\\.\\s*\\w+|aws_lambda\\s*\\.\\s*\\w+)"
                    + "\\s*\\(|\\b(?:to|from)\\s+program\\b");

    private static final Pattern WORD = Pattern.compile("(\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)(\\s*\\()?");

    private static final Set<String> FUNCTIONS = Set.of("FUNCTION", "PROCEDURE");

    /** What using it uses, in turn. */
    private static final Set<String> USERS =
            Set.of("FUNCTION", "PROCEDURE", "AGGREGATE", "OPERATOR", "CAST", "VIEW", "MATERIALIZED VIEW");

    private final Definitions definitions;
    private final Set<Integer> found = new HashSet<>();
    private final Set<String> relations = new HashSet<>();
    private final Set<String> functions = new HashSet<>();
    private final Map<Integer, Words> bodies = new HashMap<>();

    /** The names in a function's text. */
    private record Words(Set<String> all, Set<String> called) {}

    private OutwardCalls(Definitions definitions) {
        this.definitions = definitions;
    }

    static OutwardCalls of(Definitions definitions) throws IOException {
        OutwardCalls calls = new OutwardCalls(definitions);
        calls.find();
        return calls;
    }

    private void find() throws IOException {
        begin();
        boolean more = true;
        while (more) {
            more = false;
            for (ScriptEntry entry : definitions.all()) {
                more |= USERS.contains(entry.type()) && !found.contains(entry.id()) && uses(entry);
            }
        }
    }

    /** Whether using it reaches another system. */
    boolean reach(ScriptEntry entry) {
        return found.contains(entry.id());
    }

    /** Whether it, a trigger or a rule, calls what does. */
    boolean isCaller(ScriptEntry entry) throws IOException {
        return entry.dependencies().stream().anyMatch(id -> {
                    ScriptEntry used = definitions.get(id);
                    return found.contains(id) && used != null && !used.isTable();
                })
                || CALLS.matcher(text(entry)).find();
    }

    private void begin() throws IOException {
        for (ScriptEntry entry : definitions.all()) {
            if ("EXTENSION".equals(entry.type())
                    && EXTENSIONS.matcher(entry.tag()).matches()) {
                found.add(entry.id());
            } else if ("FOREIGN TABLE".equals(entry.type())) {
                add(entry, relations);
                // Reading a parent reads those that inherit from it.
                entry.dependencies().forEach(this::addParent);
            } else if ("TABLE ATTACH".equals(entry.type())) {
                boolean foreign = entry.dependencies().stream()
                        .map(definitions::get)
                        .anyMatch(table -> table != null && "FOREIGN TABLE".equals(table.type()));
                if (foreign) {
                    entry.dependencies().forEach(this::addParent);
                }
            } else if (FUNCTIONS.contains(entry.type())) {
                String text = text(entry);
                if (CALLS.matcher(text).find()) {
                    add(entry, functions);
                } else {
                    bodies.put(entry.id(), words(text));
                }
            }
        }
    }

    private void addParent(int id) {
        ScriptEntry table = definitions.get(id);
        if (table != null && "TABLE".equals(table.type())) {
            add(table, relations);
        }
    }

    private boolean uses(ScriptEntry entry) {
        Words words = bodies.getOrDefault(entry.id(), new Words(Set.of(), Set.of()));
        String own = name(entry);
        boolean named = words.all().stream().anyMatch(relations::contains)
                || words.called().stream().anyMatch(called -> functions.contains(called) && !called.equals(own));
        if (!named && entry.dependencies().stream().noneMatch(found::contains)) {
            return false;
        }
        add(entry, entry.type().endsWith("VIEW") ? relations : functions);
        return true;
    }

    private void add(ScriptEntry entry, Set<String> names) {
        found.add(entry.id());
        names.add(name(entry));
    }

    /** Without the arguments that a function's tag has, as {@link #WORD} finds it. */
    private static String name(ScriptEntry entry) {
        String tag = entry.tag();
        int arguments = FUNCTIONS.contains(entry.type()) || "AGGREGATE".equals(entry.type()) ? tag.indexOf('(') : -1;
        return (arguments < 0 ? tag : tag.substring(0, arguments)).toLowerCase(Locale.ROOT);
    }

    private static Words words(String text) {
        Set<String> all = new HashSet<>();
        Set<String> called = new HashSet<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            String name = word.group(1).startsWith("\"")
                    ? word.group(1).substring(1, word.group(1).length() - 1).replace("\"\"", "\"")
                    : word.group(1);
            all.add(name);
            if (word.group(2) != null) {
                called.add(name);
            }
        }
        return new Words(all, called);
    }

    private String text(ScriptEntry entry) throws IOException {
        return new String(definitions.text(entry).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT);
    }

    /**
     * Materialized views of a plan whose refresh asks other systems, or needs the rows of one of these others.
     *
     * @param others some of the plan's views
     * @return with the others, as the plan names them
     */
    public static List<String> views(RestorePlan plan, Collection<String> others) throws IOException {
        OutwardCalls calls = new OutwardCalls(plan.definitions());
        Map<String, ScriptEntry> views = new HashMap<>();
        for (ScriptEntry entry : plan.definitions().all()) {
            if ("MATERIALIZED VIEW".equals(entry.type())) {
                views.put(new Relation.Named(entry.schema(), entry.tag()).quoted(), entry);
            }
        }
        for (String other : others) {
            ScriptEntry view = views.get(inHeaders(other));
            if (view != null) {
                calls.add(view, calls.relations);
            }
        }
        calls.find();
        return plan.materializedViews().stream()
                .filter(name -> {
                    ScriptEntry view = views.get(inHeaders(name));
                    return others.contains(name) || view != null && calls.reach(view);
                })
                .toList();
    }

    /** Line breaks in names are spaces there. */
    private static String inHeaders(String name) {
        return name.replaceAll("[\n\r]", " ");
    }
}
