package dev.bactrian.archive;

import dev.bactrian.postgres.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names of the archive's entries. Odd characters of schema and table names are percent-encoded (UTF-8, RFC 3986). */
public final class EntryNames {

    public static final String MANIFEST = "manifest.json";
    public static final String README = "README.txt";
    public static final String SCHEMA_DUMP = "db/schema.dump";
    public static final String ROLES = "db/roles.sql";
    public static final String SEQUENCES = "db/sequences.sql";

    /** What definitions use: functions and operators, by which their meaning is compared. */
    public static final String DEPENDENCIES = "db/dependencies.json";

    public static final String LARGE_OBJECTS = "db/large-objects.dump";

    /** The database itself ({@link SavedDatabase}), with the values of its settings. */
    public static final String DATABASE = "db/database.json";

    /** Members of extensions, and what is on their tables ({@link SavedExtension.Part}). */
    public static final String EXTENSIONS = "db/extensions.json";

    /** A vault's secrets in readable form; in encrypted archives alone. */
    public static final String VAULT_SECRETS = "vault/secrets.json";

    /** The script of the format {@code sql}. */
    public static final String SCRIPT = "db/backup.sql";

    /** A Supabase project's users, and what describes the file (JSON Schema 2020-12). */
    public static final String USERS = "auth/users.json";

    public static final String USERS_SCHEMA = "auth/users.schema.json";

    /** What there is to know of the files of Storage. */
    public static final String OBJECTS = "storage/objects.json";

    /** What {@code load-data.sh} loads. */
    public static final String DATA_FILES = "db/data-files.txt";

    /** Loads them. */
    public static final String LOADER = "load-data.sh";

    /** What every archive has. Older ones' manifests don't tell of these. */
    public static final Set<String> ALWAYS_THERE = Set.of(README, MANIFEST, DATA_FILES, LOADER);

    /** A schema of such a name would have its folder where there is a file. */
    private static final Set<String> TAKEN = Set.of(
            SCHEMA_DUMP, ROLES, SEQUENCES, DEPENDENCIES, LARGE_OBJECTS, SCRIPT, DATA_FILES, DATABASE, EXTENSIONS);

    private static final Pattern SAFE =
            Pattern.compile("[A-Za-z0-9_%-][A-Za-z0-9_.%-]*(/[A-Za-z0-9_%-][A-Za-z0-9_.%-]*)*");

    private static final Pattern TABLE_DATA = Pattern.compile("db/.*/data(\\.\\d{4,})?\\.sql");

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private EntryNames() {}

    public static String schemaSql(Table table) {
        return folder(table) + "/schema.sql";
    }

    public static String dataSql(Table table) {
        return folder(table) + "/data.sql";
    }

    /**
     * One of several with the rows of one table.
     *
     * @param number from 1 on
     */
    public static String dataSql(Table table, int number) {
        return folder(table) + String.format(Locale.ROOT, "/data.%04d.sql", number);
    }

    /**
     * A schema's dump in the format {@code dump}.
     *
     * @param at the snapshot's instant
     */
    public static String schemaFormatDump(String schema, Instant at) {
        return folder(schema) + "/" + encode(schema) + "_schema_" + TIMESTAMP.format(at) + ".dump";
    }

    /**
     * A file of Storage. Its path's slashes stay folders, but those that would make two things of one name, a file and a
     * folder, and those beside an empty name: they are percent-encoded like other odd characters.
     *
     * @param isFile whether a path in the same bucket is a file's, too
     */
    public static String storageFile(String bucket, String path, Predicate<String> isFile) {
        StringBuilder entry = new StringBuilder(storageFolder(bucket)).append('/');
        int begin = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', begin)) {
            entry.append(encode(path.substring(begin, slash)));
            boolean empty = slash == begin || slash + 1 == path.length() || path.charAt(slash + 1) == '/';
            entry.append(empty || isFile.test(path.substring(0, slash)) ? "%2F" : "/");
            begin = slash + 1;
        }
        return entry.append(encode(path.substring(begin))).toString();
    }

    private static String storageFolder(String bucket) {
        String folder = "storage/" + encode(bucket);
        return OBJECTS.equals(folder) ? folder.replace(".", "%2E") : folder;
    }

    /** Whether an entry has rows of a table. */
    public static boolean isTableData(String entry) {
        return TABLE_DATA.matcher(entry).matches();
    }

    /** Whether an entry is such a file. */
    public static boolean isStorageFile(String entry) {
        return entry.startsWith("storage/") && !OBJECTS.equals(entry);
    }

    /** Whether an entry has a name as Bactrian gives them: relative, without a leading dot in any part, and of harmless characters. */
    public static boolean isSafe(String entry) {
        return SAFE.matcher(entry).matches();
    }

    /** Whether an entry is such a dump. */
    public static boolean isFormatDump(String entry) {
        return entry.matches("db/[^/]+/[^/]+_schema_\\d{8}_\\d{6}\\.dump");
    }

    private static String folder(Table table) {
        return folder(table.schema()) + "/tables/" + encode(table.name());
    }

    private static String folder(String schema) {
        String folder = "db/" + encode(schema);
        return TAKEN.contains(folder) ? folder.replace(".", "%2E") : folder;
    }

    /** Letters, digits, {@code _ -} and inner dots stay; a leading dot would hide the file or climb out of the folder. */
    static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '_'
                    || c == '-'
                    || c == '.' && !encoded.isEmpty();
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
