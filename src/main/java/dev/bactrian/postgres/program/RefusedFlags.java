package dev.bactrian.postgres.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why flags of pg_dump, pg_dumpall and pg_restore can't be given by a route's step, and what to do instead. */
final class RefusedFlags {

    private static final Map<String, String> REASONS = reasons();

    private RefusedFlags() {}

    /** The reason as a predicate of the flag, with the remedy; null where it isn't known. */
    static @Nullable String reason(String name) {
        return REASONS.get(name);
    }

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new HashMap<>();
        of(
                reasons,
                "would leave something out although the backup counts as complete. Remove it, and use the settings "
                        + "instead, which the manifest records: BACKUP_INCLUDE_SCHEMAS, BACKUP_EXCLUDE_SCHEMAS, "
                        + "BACKUP_EXCLUDE_TABLES, BACKUP_EXCLUDE_TABLE_DATA (docs/selecting.md).",
                "--exclude-database",
                "--exclude-extension",
                "--exclude-schema",
                "--exclude-table",
                "--exclude-table-and-children",
                "--exclude-table-data",
                "--exclude-table-data-and-children",
                "--extension",
                "--filter",
                "--function",
                "--index",
                "--list",
                "--no-unlogged-table-data",
                "--schema",
                "--table",
                "--table-and-children",
                "--trigger",
                "--use-list");
        of(
                reasons,
                "would leave out rows that policies hide from the backup role, without an error. Remove it, and run: ALTER "
                        + "ROLE … BYPASSRLS.",
                "--enable-row-security");
        of(
                reasons,
                "would leave out large objects although the backup counts as complete. Remove it, and set "
                        + "BACKUP_LARGE_OBJECTS=false (docs/selecting.md).",
                "--no-blobs",
                "--no-large-objects");
        of(
                reasons,
                "would leave out a part that this step is for. Remove it.",
                "--data-only",
                "--globals-only",
                "--no-data",
                "--no-data-for-failed-tables",
                "--no-schema",
                "--roles-only",
                "--schema-only",
                "--section",
                "--statistics-only",
                "--tablespaces-only");
        of(
                reasons,
                "would leave out row level security, so restored tables would be open to everyone. Remove it.",
                "--no-policies");
        of(
                reasons,
                "would leave owners or grants out of the backup. Remove it here, and restore with --no-owner if you "
                        + "don't want them.",
                "--no-acl",
                "--no-owner",
                "--no-privileges");
        of(
                reasons,
                "would change the text of rows or definitions, which the next step reads. Remove it.",
                "--attribute-inserts",
                "--binary-upgrade",
                "--clean",
                "--column-inserts",
                "--compress",
                "--create",
                "--disable-dollar-quoting",
                "--disable-triggers",
                "--extra-float-digits",
                "--if-exists",
                "--include-foreign-data",
                "--inserts",
                "--on-conflict-do-nothing",
                "--quote-all-identifiers",
                "--restrict-key",
                "--rows-per-insert",
                "--sequence-data",
                "--statistics",
                "--superuser",
                "--use-set-session-authorization",
                "--with-statistics");
        of(
                reasons,
                "is set by Bactrian for each call: connection, snapshot, encoding, files and what is selected. Remove it.",
                "--blobs",
                "--database",
                "--dbname",
                "--encoding",
                "--file",
                "--format",
                "--host",
                "--large-objects",
                "--load-via-partition-root",
                "--no-password",
                "--no-role-passwords",
                "--password",
                "--port",
                "--role",
                "--snapshot",
                "--strict-names",
                "--username");
        of(
                reasons,
                "doesn't work with the snapshot or the connection that the backup's programs share. Remove it; "
                        + "BACKUP_PARALLELISM sets how many run at once.",
                "--jobs",
                "--serializable-deferrable",
                "--single-transaction",
                "--transaction-size");
        return Map.copyOf(reasons);
    }

    private static void of(Map<String, String> reasons, String reason, String... names) {
        List.of(names).forEach(name -> reasons.put(name, reason));
    }

    /** All of them, for tests. */
    static Map<String, String> all() {
        return REASONS;
    }
}
