package dev.bactrian.unchanged;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which server and database a state was read from, where in its log that was, and what decides on the text of all rows.
 *
 * @param systemIdentifier of {@code pg_control_system()}: a copy of a server has the same
 * @param database its oid and the transaction that made it, or changed it last: a copy of another can be made under its oid
 * @param timeline of the server's log, eight hexadecimal digits: a restore to a point in time and a promotion begin another
 * @param insertLsn where the server wrote its log, as text
 * @param versionNumber server_version_num
 * @param encoding name of the database's
 * @param moneyLocale lc_monetary of the session
 * @param byteaOutput bytea_output of the session
 * @param extensions versions of the installed ones, by name
 */
public record ServerFacts(
        String systemIdentifier,
        String database,
        String timeline,
        String insertLsn,
        int versionNumber,
        String encoding,
        String moneyLocale,
        String byteaOutput,
        Map<String, String> extensions) {

    static final ServerFacts NONE = new ServerFacts("", "", "", "", 0, "", "", "", Map.of());

    /** Names the values that {@link #of} expects, a row each; a standby has no place where it writes. */
    static final String SQL =
            """
            SELECT v FROM unnest(ARRAY[
                CASE WHEN pg_is_in_recovery() THEN 'it is a standby'
                     WHEN version() ~* 'greenplum|cloudberry|yugabyte|-yb-|redshift|gauss'
                       THEN 'its rows don''t have the transaction numbers of PostgreSQL'
                     ELSE (SELECT format('extension %s reads tables in its own way', min(extname)) FROM pg_extension
                            WHERE extname IN ('citus', 'timescaledb', 'pg_duckdb', 'pg_mooncake') HAVING count(*) > 0) END,
                (SELECT system_identifier::text FROM pg_control_system()),
                (SELECT concat_ws(' ', oid, xmin) FROM pg_database WHERE datname = current_database()),
                CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END,
                CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn()::text END,
                current_setting('server_version_num'),
                (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()),
                current_setting('lc_monetary'),
                current_setting('bytea_output'),
                (SELECT coalesce(jsonb_object_agg(extname, extversion), '{}')::text FROM pg_extension),
                (SELECT txid_snapshot_xmin(txid_current_snapshot())::text),
                (SELECT txid_snapshot_xmax(txid_current_snapshot())::text)
            ]) WITH ORDINALITY AS facts (v, n) ORDER BY n""";

    /** How many values there are; the first is why there can be no proof, the last two are the snapshot's xmin and xmax. */
    static final int VALUES = 12;

    private static final TypeReference<Map<String, String>> VERSIONS = new TypeReference<>() {};
    private static final ObjectMapper JSON = new ObjectMapper();

    public ServerFacts {
        Stream.of(systemIdentifier, database, timeline, insertLsn, encoding, moneyLocale, byteaOutput)
                .forEach(Objects::requireNonNull);
        extensions = Map.copyOf(extensions);
    }

    static ServerFacts of(List<String> values) throws JsonProcessingException {
        Iterator<String> next = values.listIterator(1);
        return new ServerFacts(
                next.next(),
                next.next(),
                next.next(),
                next.next(),
                Integer.parseInt(next.next()),
                next.next(),
                next.next(),
                next.next(),
                JSON.readValue(next.next(), VERSIONS));
    }

    /** Why rows can't be proved to be those that were read from another; null where they can. */
    @Nullable
    String differenceFrom(ServerFacts earlier) {
        if (!systemIdentifier.equals(earlier.systemIdentifier)) {
            return "the database is on another server";
        }
        if (!database.equals(earlier.database)) {
            return "it is another database, or was changed by ALTER DATABASE or GRANT";
        }
        if (versionNumber != earlier.versionNumber) {
            return "the server has another version";
        }
        if (!timeline.equals(earlier.timeline)) {
            return "the server was restored to a point in time, or promoted";
        }
        if (Lsn.isBefore(insertLsn, earlier.insertLsn)) {
            return "the server was set back";
        }
        if (!encoding.equals(earlier.encoding)
                || !moneyLocale.equals(earlier.moneyLocale)
                || !byteaOutput.equals(earlier.byteaOutput)) {
            return "the encoding, lc_monetary or bytea_output is another one";
        }
        return extensionDifference(earlier);
    }

    private @Nullable String extensionDifference(ServerFacts earlier) {
        Map<String, String> all = new TreeMap<>(earlier.extensions);
        all.putAll(extensions);
        return all.keySet().stream()
                .filter(name ->
                        !String.valueOf(extensions.get(name)).equals(String.valueOf(earlier.extensions.get(name))))
                .findFirst()
                .map(name -> "extension " + name + " was installed, removed or has another version")
                .orElse(null);
    }

    /** Whether all that {@link #differenceFrom} compares is there. */
    boolean areComplete() {
        return systemIdentifier.matches("\\d{1,20}")
                && database.matches("\\d{1,10} \\d{1,10}")
                && timeline.matches("[0-9A-F]{8}")
                && Lsn.isOne(insertLsn)
                && versionNumber > 0
                && !encoding.isEmpty()
                && !byteaOutput.isEmpty();
    }
}
