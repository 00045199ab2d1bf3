package dev.bactrian.archive;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.bactrian.selection.LeftOut;
import dev.bactrian.selection.MissingDependency;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an archive holds: {@code manifest.json} in the archive and, with {@link #archive} filled in, beside it in the
 * store. JSON, UTF-8, snake_case keys; times in ISO 8601 UTC; sizes in bytes; SHA-256 in lower-case hex of the
 * uncompressed entry. Readers must accept keys they don't know.
 *
 * @param formatVersion rises when a reader of the version before would read it wrongly
 * @param files entries that belong to no table, but the files of Storage, which {@code storage/objects.json} lists
 * @param supabase what there is of a Supabase project beside its tables
 * @param leftOut what the archive doesn't hold because a selection leaves it out
 * @param missing what of that is needed by something that it holds
 * @param warnings what whoever runs the service should look at, though the backup is good
 * @param database what the database itself is and sets, without values of settings; null in archives from before that
 * @param extensions what there is of each, without definitions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
        int formatVersion,
        String backupId,
        String bactrianVersion,
        Source source,
        Snapshot snapshot,
        Trigger trigger,
        Totals totals,
        Roles roles,
        List<SchemaPart> schemas,
        List<TablePart> tables,
        int sequences,
        List<String> materializedViews,
        long largeObjects,
        Map<String, FileDigest> files,
        @Nullable SupabaseContents supabase,
        @Nullable Stored archive,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LeftOut> leftOut,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<MissingDependency> missing,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> warnings,
        @Nullable SavedDatabase database,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<SavedExtension> extensions) {

    /** Archives that leave nothing out don't have the last keys, nor have those from before there was a choice. */
    public Manifest {
        leftOut = Objects.requireNonNullElse(leftOut, List.of());
        missing = Objects.requireNonNullElse(missing, List.of());
        warnings = Objects.requireNonNullElse(warnings, List.of());
        extensions = Objects.requireNonNullElse(extensions, List.of());
    }

    /** The kind of a table whose rows its partitions keep. */
    public static final String PARTITIONED = "partitioned table";

    /**
     * The database that was saved.
     *
     * @param moneyLocale {@code lc_monetary} that amounts of money are written with; null in archives from before there
     *     was one for all
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Source(
            String name,
            String url,
            String database,
            String serverVersion,
            String pgDumpVersion,
            String encoding,
            long databaseSize,
            @Nullable String moneyLocale) {

        /** Major version of the server, for example 17. */
        public int serverMajor() {
            return major(serverVersion);
        }

        /** Major version of the pg_dump that read it. */
        public int pgDumpMajor() {
            return major(pgDumpVersion);
        }

        /** The encoding that pg_dump was asked for, as its arguments have it: one for all, but for bytes that have none. */
        public List<String> dumpEncoding() {
            return "SQL_ASCII".equals(encoding) ? List.of() : List.of("--encoding=UTF8");
        }

        private static int major(String version) {
            return Integer.parseInt(version.replaceFirst("\\D.*", ""));
        }
    }

    /** The instant that all data belongs to. */
    public record Snapshot(String id, Instant at) {}

    /** Who asked for the backup. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Trigger(
            String kind,
            @Nullable String dispatchId,
            @Nullable String repo,
            @Nullable String event,
            @Nullable String ref,
            @Nullable String sha,
            @Nullable String workflowRunId) {}

    /** Sums over all tables that hold rows of their own. */
    public record Totals(int schemas, int tables, long rows, long bytes) {}

    /** Whether roles.sql holds password hashes: only where the backup's role may read them. */
    public record Roles(String entry, boolean passwords) {}

    /** A schema. */
    public record SchemaPart(String name, String owner, int tables, long rows, long bytes) {}

    /**
     * A table.
     *
     * @param kind {@code table}, {@code partitioned table} or {@code foreign table}
     * @param partitionOf quoted name of the table it is a part of
     * @param extension the extension that made it, with which it comes back
     * @param rows exactly; for a partitioned table the sum of its partitions', which hold them; null for a foreign one, and where rows are left out
     * @param bytes of its rows' entries
     * @param sha256 of data.sql; null where its rows are in several entries
     * @param rowDigest order-independent, see {@link #rowDigestKind}
     * @param rowsIn quoted name of the partitioned table in whose data.sql this partition's rows are, because another database
     *     would keep them in other partitions; null for all others
     * @param schemaSha256 of schema.sql; null in archives from before it was told, and where there is none
     * @param dataEntries the entries that a large table's rows are in, each row in one of them (format 2); null for all others,
     *     which have them in {@code dataEntry}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TablePart(
            String schema,
            String name,
            String kind,
            @Nullable String partitionOf,
            @Nullable String extension,
            @Nullable Long rows,
            @Nullable Long bytes,
            @Nullable String sha256,
            @Nullable String rowDigest,
            @Nullable String rowDigestKind,
            @Nullable String schemaEntry,
            @Nullable String dataEntry,
            @Nullable String rowsIn,
            @Nullable String schemaSha256,
            @Nullable List<DataEntry> dataEntries) {

        /** Whether its rows are kept by partitions, in whatever way they are saved. */
        @JsonIgnore
        public boolean isPartitioned() {
            return PARTITIONED.equals(kind);
        }

        /** Whether the archive has rows of its own, in one entry or in several. */
        public boolean hasRows() {
            return dataEntry != null || dataEntries != null;
        }

        /** All entries with its rows, in their order; none where it has none of its own. */
        public List<DataEntry> rowEntries() {
            return dataEntries != null
                    ? dataEntries
                    : dataEntry == null ? List.of() : List.of(new DataEntry(dataEntry, rows, bytes, sha256, rowDigest));
        }
    }

    /**
     * The archive this manifest lies beside, as it is stored: size and hash are those of the encrypted object where it is
     * encrypted.
     *
     * @param sha256 null where some of it was copied inside the store, where nobody read it (format 3)
     * @param crc32 of it then, 8 lower-case hex digits
     * @param reusable what a later backup needs to take tables over; null where it can't
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stored(
            String key,
            long size,
            @Nullable String sha256,
            @Nullable String crc32,
            @Nullable Encrypted encryption,
            @Nullable Reusable reusable) {}

    /**
     * How an archive is encrypted.
     *
     * @param format {@code OpenPGP}
     * @param recipients fingerprints of the keys that open it, each alone
     */
    public record Encrypted(String format, List<String> recipients) {

        /** For those keys; null when there are none, since then nothing is encrypted. */
        public static @Nullable Encrypted of(List<String> recipients) {
            return recipients.isEmpty() ? null : new Encrypted("OpenPGP", recipients);
        }
    }

    public Manifest beside(Stored stored) {
        return with(files, stored);
    }

    /** The same with other files. */
    public Manifest with(Map<String, FileDigest> others) {
        return with(others, archive);
    }

    private Manifest with(Map<String, FileDigest> others, @Nullable Stored stored) {
        return new Manifest(
                formatVersion,
                backupId,
                bactrianVersion,
                source,
                snapshot,
                trigger,
                totals,
                roles,
                schemas,
                tables,
                sequences,
                materializedViews,
                largeObjects,
                others,
                supabase,
                stored,
                leftOut,
                missing,
                warnings,
                database,
                extensions);
    }
}
