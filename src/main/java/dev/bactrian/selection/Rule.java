package dev.bactrian.selection;

/**
 * One pattern and what it does.
 *
 * @param source the setting that holds it, or {@link SelectionRequest#SOURCE} and the request's field
 */
public record Rule(Effect effect, String source, NamePattern pattern) {

    /** What happens to what a pattern matches. */
    public enum Effect {
        /** Other schemas are left out. */
        INCLUDE_SCHEMAS,
        EXCLUDE_SCHEMAS,
        /** Other tables are left out. */
        INCLUDE_TABLES,
        EXCLUDE_TABLES,
        /** Their definitions are saved and their rows aren't. */
        EXCLUDE_TABLE_DATA;

        /** Whether its patterns are for schemas. */
        public boolean ofSchemas() {
            return this == INCLUDE_SCHEMAS || this == EXCLUDE_SCHEMAS;
        }

        /** Whether it leaves out what doesn't match. */
        public boolean includes() {
            return this == INCLUDE_SCHEMAS || this == INCLUDE_TABLES;
        }
    }

    /**
     * A rule of this effect.
     *
     * @throws IllegalArgumentException when the pattern can't be one
     */
    public static Rule of(Effect effect, String source, String pattern) {
        return new Rule(
                effect, source, effect.ofSchemas() ? NamePattern.ofSchemas(pattern) : NamePattern.ofTables(pattern));
    }

    /** Whether the backup's request has it, and not a setting. */
    public boolean requested() {
        return source.startsWith(SelectionRequest.SOURCE);
    }

    /** Why something is left out that it matches, for people. */
    public String why() {
        return source + ": " + pattern.text();
    }
}
