package dev.bactrian.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.archive.StoreKeys;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.restore.RestoreRequest;
import dev.bactrian.restore.RestoreRequest.Option;
import dev.bactrian.restore.StoredFiles;
import dev.bactrian.restore.source.BackupFinder.Kind;
import dev.bactrian.support.Uuids;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Reads and checks what callers want restored. Whatever isn't as openapi.yaml says is refused, and changes nothing. */
public final class RestoreRequests {

    private static final String NAME = "[^\\x00-\\x1f\\x7f-\\x9f]{1,63}";
    private static final Map<String, Pattern> TEXTS = Map.of(
            "backup", Pattern.compile("[\\x21-\\x7e]{1,1024}"),
            "database", Pattern.compile("[a-z0-9_]{1,40}"),
            "confirm", Pattern.compile("[^\\x00-\\x1f\\x7f-\\x9f]{1,255}"),
            "create_database", Pattern.compile(NAME),
            "into_schema", Pattern.compile(NAME));
    private static final Set<String> LISTS = Set.of("schemas", "tables", "buckets", "objects");
    private static final Map<String, Option> FLAGS = flags();

    private static final Pattern LATEST = Pattern.compile("latest(:[a-z0-9_]{1,40})?");
    private static final Pattern UPWARDS = Pattern.compile("(^|.*/)\\.{1,2}(/.*|$)");
    private static final int MOST_NAMES = 100;
    private static final int LONGEST_NAME = 256;
    /** PostgreSQL cuts longer names off, and would make another database than the one that was confirmed. */
    private static final int LONGEST_IDENTIFIER = 63;

    private final Databases databases;
    private final String keyPrefix;

    public RestoreRequests(Databases databases, String keyPrefix) {
        this.databases = databases;
        this.keyPrefix = keyPrefix;
    }

    private static Map<String, Option> flags() {
        Map<String, Option> flags = new TreeMap<>();
        for (Option option : Option.values()) {
            flags.put(option.name().toLowerCase(Locale.ROOT), option);
        }
        return flags;
    }

    /** The body of {@code POST /api/restores}. */
    public RequestedRestore restore(Exchange exchange) {
        JsonNode body = JsonBody.of(exchange.getMessage());
        Fields.requireKnown(body, TEXTS.keySet(), LISTS, FLAGS.keySet());
        Fields fields = new Fields(body);
        String backup = required(fields, "backup");
        Kind kind = kind(backup);
        String database = required(fields, "database");
        Database configured =
                databases.find(database).orElseThrow(() -> ApiException.badRequest(databases.unknown(database)));
        String created = text(fields, "create_database");
        DatabaseUrl target =
                created == null ? configured.url() : configured.url().withDatabase(created);
        RestoreRequest request = request(fields, backup, database, created);
        requireConfirmation(text(fields, "confirm"), target.database());
        return new RequestedRestore(request, kind, asked(body), target.address(), null);
    }

    private static RestoreRequest request(Fields fields, String backup, String database, @Nullable String created) {
        Set<Option> options = EnumSet.noneOf(Option.class);
        FLAGS.forEach((name, option) -> {
            if (fields.flag(name)) {
                options.add(option);
            }
        });
        try {
            return new RestoreRequest(
                    UUID.randomUUID(),
                    backup,
                    database,
                    created,
                    list(fields, "schemas"),
                    list(fields, "tables"),
                    text(fields, "into_schema"),
                    new StoredFiles(list(fields, "buckets"), list(fields, "objects")),
                    options);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void requireConfirmation(@Nullable String confirm, String name) {
        if (!name.equals(confirm)) {
            throw new ApiException(new ApiProblem(
                    400,
                    "confirm-mismatch",
                    "The confirmation doesn't name the target",
                    "This would write to the database " + name + ". If that is what you want, send \"confirm\": \""
                            + name + "\"."));
        }
    }

    /** Only what lies in the store under this service's prefix can be asked for. */
    private Kind kind(String backup) {
        if (Uuids.isUuid(backup)) {
            return Kind.ID;
        }
        if (LATEST.matcher(backup).matches()) {
            return Kind.LATEST;
        }
        if (backup.startsWith(keyPrefix + "/")
                && StoreKeys.isArchiveName(backup)
                && !UPWARDS.matcher(backup).matches()) {
            return Kind.KEY;
        }
        throw ApiException.badRequest(
                "backup must be a backup's id, latest, latest:DATABASE, or a key that starts with " + keyPrefix
                        + "/ and ends with .zip or .zip.pgp.");
    }

    /** How many restores a list shall show. */
    public int limit(@Header("limit") @Nullable String limit) {
        return ListQuery.limit(limit);
    }

    private static String asked(JsonNode body) {
        ObjectNode asked = body.deepCopy();
        asked.remove("confirm");
        asked.properties().removeIf(field -> field.getValue().isNull());
        return asked.toString();
    }

    private static String required(Fields fields, String field) {
        String text = text(fields, field);
        if (text == null) {
            throw ApiException.badRequest(field + " is missing. Required fields: backup, confirm, database.");
        }
        return text;
    }

    private static @Nullable String text(Fields fields, String name) {
        Pattern form = Objects.requireNonNull(TEXTS.get(name));
        String text = fields.text(name, form);
        boolean identifier = form.pattern().equals(NAME);
        if (identifier && text != null && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_IDENTIFIER) {
            throw ApiException.badRequest(name + " is longer than " + LONGEST_IDENTIFIER
                    + " bytes, where PostgreSQL truncates names. Use a shorter one.");
        }
        return text;
    }

    private static List<String> list(Fields fields, String name) {
        return Objects.requireNonNullElse(
                fields.list(name, "names", MOST_NAMES, LONGEST_NAME, "everything"), List.of());
    }
}
