package dev.bactrian.restore.ddl;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of the schema dump, as pg_restore prints it under a header like
 * {@code -- Name: orders; Type: TABLE; Schema: app; Owner: postgres}.
 *
 * @param id of the entry in the dump
 * @param catalog oid of the system catalog that has the object, 0 for what has no row of its own there
 * @param oid in that catalog, where the dump was made
 * @param tag the object's name; for parts of a table with the table's before it, for grants and comments with the kind
 * @param schema empty for what is in none
 * @param dependencies ids of entries that must come before
 * @param settings statements to run before it, when it isn't made with the default ones
 * @param from where its text begins in its file, in bytes
 * @param to where it ends
 */
public record ScriptEntry(
        int id,
        long catalog,
        long oid,
        boolean postData,
        String type,
        String schema,
        String tag,
        String owner,
        List<Integer> dependencies,
        String settings,
        long from,
        long to) {

    private static final Set<String> TABLES = Set.of("TABLE", "FOREIGN TABLE");
    private static final Set<String> TABLE_PARTS =
            Set.of("CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "TRIGGER", "RULE", "POLICY", "DEFAULT");

    /** What an object is known by, in any dump. */
    public record Key(String type, String schema, String tag) {

        /** For people: {@code INDEX app.orders_by_day}. */
        public String what() {
            return type + " " + (schema.isEmpty() ? "" : schema + ".") + tag;
        }
    }

    /**
     * Its key.
     *
     * @param into the schema that it goes to; null for its own
     */
    public Key key(@Nullable String into) {
        return new Key(type, into == null || schema.isEmpty() ? schema : into, tag);
    }

    public boolean isTable() {
        return TABLES.contains(type);
    }

    /** Whether its tag begins with the name of the table that it is a part of. */
    boolean isPartOfTable() {
        return TABLE_PARTS.contains(type);
    }

    /** Comments, grants and labels belong to what they depend on. */
    public boolean isAttribute() {
        return "COMMENT".equals(type) || "ACL".equals(type) || "SECURITY LABEL".equals(type);
    }

    public boolean isEventTrigger() {
        return "EVENT TRIGGER".equals(type);
    }

    public boolean isGrant() {
        return type.endsWith("ACL");
    }

    /** The same with other settings before its statements. */
    public ScriptEntry withSettings(String other) {
        return new ScriptEntry(id, catalog, oid, postData, type, schema, tag, owner, dependencies, other, from, to);
    }

    /** For people: {@code INDEX app.orders_by_day}. */
    public String what() {
        return key(null).what();
    }
}
