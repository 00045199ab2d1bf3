package dev.bactrian.restore;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.bactrian.restore.source.BackupFinder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What shall be restored, and where to.
 *
 * @param backup as {@link BackupFinder#kind} takes it
 * @param target name of a configured database
 * @param createDatabase name of a database to make first, on the target's server; null to restore into the target itself
 * @param schemas to restore alone; with {@code tables} empty means everything
 * @param tables to restore alone, as {@code schema.table}
 * @param intoSchema where the tables of the one schema go instead; null for their own
 * @param files which of Storage, where not all of them are meant
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreRequest(
        UUID id,
        String backup,
        String target,
        @Nullable String createDatabase,
        List<String> schemas,
        List<String> tables,
        @Nullable String intoSchema,
        StoredFiles files,
        Set<Option> options) {

    /** How it is to be done. */
    public enum Option {
        /** Rows alone, into tables that are there. */
        DATA_ONLY,
        /** Users alone: rows of a Supabase project's schema auth. Implies {@link #DATA_ONLY}. */
        AUTH_ONLY,
        /** Files alone: a Supabase project's buckets and objects. Implies {@link #DATA_ONLY}. */
        STORAGE_ONLY,
        /** Definitions alone. */
        SCHEMA_ONLY,
        /** Tables that are there are dropped first. */
        DROP_EXISTING,
        /** Goes on although tables that are made again can be read or changed by more roles than those that are there. */
        ALLOW_WIDER_ACCESS,
        /** Large objects that rows of the chosen tables refer to come along. */
        LARGE_OBJECTS,
        /** Tables that are there are emptied first. */
        TRUNCATE,
        /** What the database itself is and sets is applied to one that was there. */
        DATABASE_SETTINGS,
        /** Nothing is written: only what would happen is told. */
        DRY_RUN,
        NO_OWNER,
        NO_PRIVILEGES,
        SKIP_ROLES,
        /** What needs an extension that the target lacks is left out, and listed. */
        SKIP_MISSING_EXTENSIONS,
        /** Goes on although the target's server is older than the saved one. */
        OLDER_SERVER
    }

    /**
     * Checks that the options go together.
     *
     * @throws IllegalArgumentException saying which don't
     */
    public RestoreRequest {
        schemas = List.copyOf(schemas);
        tables = List.copyOf(tables);
        options = implied(files, options);
        boolean part = options.contains(Option.AUTH_ONLY) || options.contains(Option.STORAGE_ONLY);
        require(
                !(options.contains(Option.AUTH_ONLY) && options.contains(Option.STORAGE_ONLY)),
                "Auth only can't be combined with storage only, buckets or objects. Restore one after the other.");
        require(
                !part || schemas.isEmpty() && tables.isEmpty() && intoSchema == null && createDatabase == null,
                "Auth only and storage only (also by bucket or object) restore into an existing project. Remove "
                        + "schema, table, into schema and create database.");
        require(
                !part || !options.contains(Option.SCHEMA_ONLY) && !options.contains(Option.DROP_EXISTING),
                "Auth only and storage only restore rows and files. Remove schema only and drop existing.");
        require(
                !options.contains(Option.STORAGE_ONLY) || !options.contains(Option.TRUNCATE),
                "Rows of Storage can be deleted only through its API. Remove truncate: existing files stay.");
        require(
                !(options.contains(Option.DATA_ONLY) && options.contains(Option.SCHEMA_ONLY)),
                "Data only and schema only can't be combined. Use one of them, or neither to restore both.");
        require(
                !options.contains(Option.TRUNCATE) || options.contains(Option.DATA_ONLY),
                "Truncate needs data only. To replace the definition, too, use drop existing.");
        require(
                !options.contains(Option.ALLOW_WIDER_ACCESS) || options.contains(Option.DROP_EXISTING),
                "Allow wider access needs drop existing: nothing else changes who may use a table.");
        require(
                !options.contains(Option.LARGE_OBJECTS)
                        || !part && !options.contains(Option.SCHEMA_ONLY) && !(schemas.isEmpty() && tables.isEmpty()),
                "Large objects needs schema or table. Without these, all large objects are restored.");
        require(
                !options.contains(Option.DROP_EXISTING) || !options.contains(Option.DATA_ONLY),
                "Drop existing would lose the definitions, which data only doesn't restore. Use truncate.");
        require(
                intoSchema == null || !(schemas.isEmpty() && tables.isEmpty()),
                "Into schema needs schema or table, to select what goes there.");
        require(
                intoSchema == null || !options.contains(Option.DATA_ONLY),
                "Into schema creates tables; it can't be combined with data only.");
        require(
                !options.contains(Option.DATABASE_SETTINGS)
                        || !part && schemas.isEmpty() && tables.isEmpty() && !options.contains(Option.DATA_ONLY),
                "Database settings need the whole backup. Remove schema, table and data only.");
        require(
                createDatabase == null || !options.contains(Option.DROP_EXISTING) && !options.contains(Option.TRUNCATE),
                "A new database has nothing to drop or to truncate. Remove that option.");
    }

    /** Options without files of their own. */
    public RestoreRequest(
            UUID id,
            String backup,
            String target,
            @Nullable String createDatabase,
            List<String> schemas,
            List<String> tables,
            @Nullable String intoSchema,
            Set<Option> options) {
        this(id, backup, target, createDatabase, schemas, tables, intoSchema, StoredFiles.ALL, options);
    }

    private static Set<Option> implied(StoredFiles files, Set<Option> given) {
        Set<Option> options = EnumSet.noneOf(Option.class);
        options.addAll(given);
        if (!files.areAll()) {
            options.add(Option.STORAGE_ONLY);
        }
        if (options.contains(Option.AUTH_ONLY) || options.contains(Option.STORAGE_ONLY)) {
            options.add(Option.DATA_ONLY);
        }
        return Collections.unmodifiableSet(options);
    }

    /** The same of an archive that has been found. */
    public RestoreRequest of(String key) {
        return new RestoreRequest(id, key, target, createDatabase, schemas, tables, intoSchema, files, options);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    public boolean is(Option option) {
        return options.contains(option);
    }

    /** Whether all that the archive holds is asked for. */
    @JsonIgnore
    public boolean isEverything() {
        return schemas.isEmpty() && tables.isEmpty() && !isPartOfProject();
    }

    /** Whether it is a verification's, whose target is a scratch database. */
    @JsonIgnore
    public boolean isScratch() {
        return RestoreRuns.SCRATCH.equals(target);
    }

    /** Whether files of Storage come along: not in a verification, nor with definitions, users or some tables alone. */
    public boolean bringsFiles() {
        return !isScratch()
                && !is(Option.SCHEMA_ONLY)
                && !is(Option.AUTH_ONLY)
                && (isEverything() || is(Option.STORAGE_ONLY));
    }

    /** Whether only users or files of a Supabase project are asked for. */
    @JsonIgnore
    public boolean isPartOfProject() {
        return is(Option.AUTH_ONLY) || is(Option.STORAGE_ONLY);
    }
}
