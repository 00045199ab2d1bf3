package dev.bactrian.restore.ddl;

import dev.bactrian.selection.Relation;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One table in a dump, with all that belongs to it.
 *
 * @param texts statements of each entry, without those that say whom it belongs to; bytes, one character each
 * @param owner of the table; empty when it isn't in the dump
 */
public record TableEntries(Map<ScriptEntry.Key, String> texts, TableText form, String owner) {

    /** Compared by what they give. */
    private static final String GRANTS = "ACL";

    private static final Set<String> TABLES = Set.of("TABLE", "FOREIGN TABLE");

    private static final Set<String> OF_ITS_FORM = Set.of("TABLE", "FOREIGN TABLE", GRANTS, "SEQUENCE OWNED BY");

    /**
     * Reads those of some tables.
     *
     * @param names as they are on the target
     * @param entries what comes of the definitions
     * @param rename null where they stay in their schema
     * @param into the schema they go to; null for their own
     */
    public static Map<Relation.Named, TableEntries> read(
            Collection<Relation.Named> names,
            Definitions definitions,
            List<ScriptEntry> entries,
            @Nullable SchemaRename rename,
            @Nullable String into)
            throws IOException {
        Map<Relation.Named, Relation.Named> byHeader = new HashMap<>();
        names.forEach(name -> byHeader.put(Definitions.inHeaders(name.schema(), name.name()), name));
        Map<Relation.Named, TableEntries> found = new HashMap<>();
        names.forEach(name -> found.put(name, new TableEntries(new LinkedHashMap<>(), TableText.of(""), "")));
        for (ScriptEntry entry : entries) {
            ScriptEntry table = definitions.tableOf(entry);
            Relation.Named name = table == null
                    ? null
                    : byHeader.get(new Relation.Named(into == null ? table.schema() : into, table.tag()));
            if (name == null) {
                continue;
            }
            String raw = definitions.text(entry);
            String text = rename == null ? raw : rename.apply(raw);
            TableEntries of = found.getOrDefault(name, new TableEntries(new LinkedHashMap<>(), TableText.of(""), ""));
            EntryText parts = EntryText.of(entry, text);
            of.texts.put(
                    entry.key(into), entry.isGrant() ? text : parts.definition().strip());
            found.put(
                    name,
                    TABLES.contains(entry.type()) ? new TableEntries(of.texts, TableText.of(text), entry.owner()) : of);
        }
        return found;
    }

    public List<String> texts(String type) {
        return texts.entrySet().stream()
                .filter(entry -> type.equals(entry.getKey().type()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Rights on the table and its columns. */
    public TableRights rights() {
        return TableRights.of(texts.entrySet().stream()
                .filter(entry -> GRANTS.equals(entry.getKey().type())
                        && !entry.getKey().tag().startsWith("SEQUENCE "))
                .map(Map.Entry::getValue)
                .toList());
    }

    /** What this one has that another doesn't. */
    public Set<String> beyond(TableEntries other) {
        Set<String> lost = new TreeSet<>(parts().keySet());
        lost.removeAll(other.parts().keySet());
        rights().beyond(other.rights()).forEach(right -> lost.add(right.text()));
        return lost;
    }

    /** What both have, but not alike. */
    public Set<String> differing(TableEntries other) {
        Set<String> differing = new TreeSet<>();
        Map<String, String> others = other.parts();
        parts().forEach((what, text) -> {
            if (!text.equals(others.getOrDefault(what, text))) {
                differing.add(what);
            }
        });
        return differing;
    }

    /** What it consists of, for people, with its text. */
    private Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        form.columns().forEach((name, text) -> parts.put("column " + Relation.quote(name), text));
        form.constraints().forEach((name, text) -> parts.put("constraint " + Relation.quote(name), text));
        texts.forEach((key, text) -> {
            if (!OF_ITS_FORM.contains(key.type())) {
                parts.put(key.what(), text);
            }
        });
        return parts;
    }
}
