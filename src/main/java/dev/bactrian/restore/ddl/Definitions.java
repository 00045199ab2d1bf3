package dev.bactrian.restore.ddl;

import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All definitions of an archive, and which table each belongs to. Order is that in which they are made. */
public final class Definitions {

    private final DefinitionScript preData;
    private final DefinitionScript postData;
    private final Map<Integer, ScriptEntry> byId = new LinkedHashMap<>();
    private final Map<Integer, Integer> tableOf = new HashMap<>();
    private final Set<Relation.Named> rules = new HashSet<>();

    private Definitions(DefinitionScript preData, DefinitionScript postData) {
        this.preData = preData;
        this.postData = postData;
        Stream.concat(preData.entries().stream(), postData.entries().stream())
                .forEach(entry -> byId.put(entry.id(), entry));
        byId.values().stream()
                .filter(entry -> "RULE".equals(entry.type()))
                .forEach(entry -> rules.add(new Relation.Named(entry.schema(), entry.tag())));
        findTables();
    }

    /** Reads both scripts, that of what comes before the rows and that of what comes after. */
    public static Definitions read(Path preData, Path postData) throws IOException {
        return new Definitions(DefinitionScript.read(preData, false), DefinitionScript.read(postData, true));
    }

    public List<ScriptEntry> all() {
        return List.copyOf(byId.values());
    }

    public @Nullable ScriptEntry get(int id) {
        return byId.get(id);
    }

    /** Whether there is a rule of this tag, which begins with its table's or view's name. */
    public boolean hasRule(String schema, String tag) {
        return rules.contains(new Relation.Named(schema, tag));
    }

    public String text(ScriptEntry entry) throws IOException {
        return (entry.postData() ? postData : preData).text(entry);
    }

    /** The table that an entry defines or is a part of; null for what belongs to none. */
    public @Nullable ScriptEntry tableOf(ScriptEntry entry) {
        Integer table = tableOf.get(entry.id());
        return table == null ? null : byId.get(table);
    }

    /** Tables by their names. Line breaks in names are spaces here, as in the script's headers. */
    public Map<Relation.Named, ScriptEntry> tables() {
        Map<Relation.Named, ScriptEntry> tables = new HashMap<>();
        byId.values().stream()
                .filter(ScriptEntry::isTable)
                .forEach(entry -> tables.put(new Relation.Named(entry.schema(), entry.tag()), entry));
        return tables;
    }

    /** A name as headers show it (pg_dump's sanitize_line). */
    public static Relation.Named inHeaders(String schema, String name) {
        return new Relation.Named(schema.replaceAll("[\n\r]", " "), name.replaceAll("[\n\r]", " "));
    }

    private void findTables() {
        Map<Relation.Named, Integer> indexes = new HashMap<>();
        List<ScriptEntry> attributes = new ArrayList<>();
        for (ScriptEntry entry : byId.values()) {
            if (entry.isTable()) {
                tableOf.put(entry.id(), entry.id());
            } else if (entry.isAttribute()) {
                attributes.add(entry);
            } else {
                Integer table = "INDEX ATTACH".equals(entry.type())
                        ? indexes.get(new Relation.Named(entry.schema(), entry.tag()))
                        : partOf(entry);
                if (table != null) {
                    tableOf.put(entry.id(), table);
                    indexes.put(new Relation.Named(entry.schema(), lastWord(entry, table)), table);
                }
            }
        }
        ownSequences();
        for (ScriptEntry attribute : attributes) {
            attribute.dependencies().stream()
                    .map(tableOf::get)
                    .filter(table -> table != null)
                    .findFirst()
                    .ifPresent(table -> tableOf.put(attribute.id(), table));
        }
    }

    /** The name of a constraint's index stands behind its table's. */
    private String lastWord(ScriptEntry entry, int table) {
        ScriptEntry owner = byId.get(table);
        return entry.isPartOfTable() && owner != null && entry.tag().startsWith(owner.tag() + " ")
                ? entry.tag().substring(owner.tag().length() + 1)
                : entry.tag();
    }

    private @Nullable Integer partOf(ScriptEntry entry) {
        List<ScriptEntry> tables = entry.dependencies().stream()
                .map(byId::get)
                .filter(dependency -> dependency != null && dependency.isTable())
                .toList();
        return switch (entry.type()) {
            case "INDEX", "STATISTICS", "SEQUENCE", "ROW SECURITY" ->
                tables.isEmpty() ? null : tables.get(0).id();
            case "TABLE ATTACH" -> named(tables, entry, entry.tag());
            case "PUBLICATION TABLE" -> tables.isEmpty() ? null : tables.get(0).id();
            default -> entry.isPartOfTable() ? longestPrefix(tables, entry) : null;
        };
    }

    private static @Nullable Integer named(List<ScriptEntry> tables, ScriptEntry entry, String name) {
        return tables.stream()
                .filter(table ->
                        table.schema().equals(entry.schema()) && table.tag().equals(name))
                .map(ScriptEntry::id)
                .findFirst()
                .orElse(null);
    }

    /** A foreign key depends on two tables: its own is the one that its tag begins with. */
    private static @Nullable Integer longestPrefix(List<ScriptEntry> tables, ScriptEntry entry) {
        return tables.stream()
                .filter(table ->
                        table.schema().equals(entry.schema()) && entry.tag().startsWith(table.tag() + " "))
                .max(java.util.Comparator.comparing(table -> table.tag().length()))
                .map(ScriptEntry::id)
                .orElse(null);
    }

    /**
     * What says whose column a sequence's is depends on the sequence alone, which depends on the table (pg_dump.c,
     * dumpSequence): with the sequence it goes wherever the table goes.
     */
    private void ownSequences() {
        for (ScriptEntry entry : byId.values()) {
            if ("SEQUENCE OWNED BY".equals(entry.type())) {
                entry.dependencies().stream()
                        .map(tableOf::get)
                        .filter(table -> table != null)
                        .findFirst()
                        .ifPresent(table -> tableOf.put(entry.id(), table));
            }
        }
    }
}
