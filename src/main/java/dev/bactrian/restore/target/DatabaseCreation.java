package dev.bactrian.restore.target;

import dev.bactrian.archive.Manifest;
import dev.bactrian.archive.SavedDatabase;
import dev.bactrian.postgres.url.DatabaseUrl;
import dev.bactrian.restore.NotApplied;
import dev.bactrian.restore.RestoreReport;
import dev.bactrian.restore.Target;
import dev.bactrian.selection.Relation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the database that a backup is restored into, with the encoding and the locale that decide how text compares: else
 * bounds of partitions, unique indexes and the order of rows could mean something else there.
 */
public final class DatabaseCreation {

    private static final int PROVIDERS_SINCE = 15;
    private static final int RULES_SINCE = 16;
    private static final int BUILTIN_SINCE = 17;

    /** A locale or a provider that the server doesn't have, or an option that it doesn't know. */
    private static final Set<String> UNKNOWN_LOCALE = Set.of("42809", "22023", "0A000", "42601", "XX000");

    private final Manifest manifest;
    private final RestoreReport report;
    private final boolean scratch;

    /** @param scratch whether it is a verification's */
    public DatabaseCreation(Manifest manifest, RestoreReport report, boolean scratch) {
        this.manifest = manifest;
        this.report = report;
        this.scratch = scratch;
    }

    /** Makes it on the server of another one. Nobody else may connect to a scratch database: what others make there could be run. */
    public void create(DatabaseUrl server, String name) throws SQLException {
        make(server, name);
        if (scratch) {
            Target.administer(server, "REVOKE ALL ON DATABASE " + Relation.quote(name) + " FROM PUBLIC");
        }
    }

    private void make(DatabaseUrl server, String name) throws SQLException {
        SavedDatabase saved = manifest.database();
        String begin = "CREATE DATABASE " + Relation.quote(name) + " TEMPLATE template0 ENCODING "
                + Relation.literal(manifest.source().encoding());
        try (Connection connection = Target.connect(server)) {
            String tablespace = tablespace(saved, connection);
            String locale = saved == null
                    ? null
                    : locale(saved, connection.getMetaData().getDatabaseMajorVersion());
            if (locale != null && tryCreate(server, begin + locale + tablespace)) {
                return;
            }
            // A locale that goes with every encoding, where the server's own doesn't.
            Target.administer(server, begin + (fits(connection) ? "" : " LC_COLLATE 'C' LC_CTYPE 'C'") + tablespace);
            if (saved != null) {
                lost(saved);
            }
        }
    }

    private static @Nullable String locale(SavedDatabase saved, int major) {
        String locale = saved.locale();
        boolean libc = "libc".equals(saved.localeProvider());
        StringBuilder options = new StringBuilder();
        if (!libc) {
            if (locale == null
                    || major < ("builtin".equals(saved.localeProvider()) ? BUILTIN_SINCE : PROVIDERS_SINCE)) {
                return null;
            }
            options.append(" LOCALE_PROVIDER ")
                    .append("icu".equals(saved.localeProvider()) ? "icu ICU_LOCALE " : "builtin BUILTIN_LOCALE ")
                    .append(Relation.literal(locale));
        } else if (major >= PROVIDERS_SINCE) {
            options.append(" LOCALE_PROVIDER libc");
        }
        if (saved.icuRules() != null) {
            if (major < RULES_SINCE) {
                return null;
            }
            options.append(" ICU_RULES ").append(Relation.literal(saved.icuRules()));
        }
        return options.append(" LC_COLLATE ")
                .append(Relation.literal(saved.collate()))
                .append(" LC_CTYPE ")
                .append(Relation.literal(saved.ctype()))
                .toString();
    }

    private String tablespace(@Nullable SavedDatabase saved, Connection connection) throws SQLException {
        if (saved == null || scratch || "pg_default".equals(saved.tablespace())) {
            return "";
        }
        boolean there = !Target.texts(
                        connection,
                        "SELECT 1 FROM pg_catalog.pg_tablespace WHERE spcname = "
                                + Relation.literal(saved.tablespace())
                                + " AND pg_catalog.has_tablespace_privilege(oid, 'CREATE')")
                .isEmpty();
        if (!there) {
            report.note("The saved database is in tablespace " + saved.tablespace()
                    + ", which this server doesn't have or this role may not use. The new one is in the "
                    + "server's default tablespace.");
            return "";
        }
        return " TABLESPACE " + Relation.quote(saved.tablespace());
    }

    private static boolean tryCreate(DatabaseUrl server, String sql) throws SQLException {
        try {
            Target.administer(server, sql);
            return true;
        } catch (SQLException e) {
            if (UNKNOWN_LOCALE.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        }
    }

    private boolean fits(Connection connection) throws SQLException {
        return manifest.source()
                .encoding()
                .equals(Target.text(
                        connection,
                        "SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database"
                                + " WHERE datname = 'template0'"));
    }

    private void lost(SavedDatabase saved) {
        NotApplied locale = new NotApplied(
                "locale of the database",
                "The server doesn't have the saved one (" + DatabaseLocale.text(saved)
                        + "): text may sort and compare differently. Install the locale, or restore on a server that "
                        + "has it.",
                null);
        if (scratch) {
            report.notProven(locale);
        } else {
            report.add(locale);
        }
    }
}
