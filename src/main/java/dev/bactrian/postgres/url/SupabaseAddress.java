package dev.bactrian.postgres.url;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an address says when it is one of Supabase's (Supabase's documentation, "Connect to your database"). Those of a
 * server of one's own, or behind a host name of one's own, say nothing.
 *
 * @param role the database's role: the user without the project ref that the shared pooler wants behind it
 * @param ref the project's, as it was written; empty when the address names none
 * @param region of the shared pooler; empty when the address names none
 */
public record SupabaseAddress(Kind kind, String role, String ref, String region) {

    /** Of Supavisor's session mode, and of databases. */
    public static final int SESSION_PORT = 5432;

    private static final int TRANSACTION_PORT = 6543;

    private static final Pattern DIRECT = Pattern.compile("db\\.(?<ref>[^.]+)\\.supabase\\.co");
    private static final Pattern POOLER =
            Pattern.compile("(?:[a-z]+-[0-9]+-(?<region>[a-z0-9-]+)|.+)\\.pooler\\.supabase\\.com");
    private static final Pattern OTHER = Pattern.compile("(?:(?<ref>[a-z]{20})\\.|.+\\.)?supabase\\.com?");
    /** Read replicas have their region and a suffix behind the project's ref. */
    private static final Pattern REF = Pattern.compile("[a-z]{20}(-rr-[a-z0-9-]+)?");

    /** What answers there. */
    public enum Kind {
        /** The database itself. */
        DIRECT("direct connection"),
        /** Supavisor, which lends each client a session of its own. */
        SESSION_POOLER("session pooler"),
        /** Supavisor, which lends a session per transaction. */
        TRANSACTION_POOLER("transaction pooler"),
        /** The project's own PgBouncer, beside the database; per transaction, too. */
        DEDICATED_POOLER("dedicated pooler"),
        /** Something of Supabase's that is no database. */
        NO_DATABASE("no database"),
        /** Not Supabase's. */
        NONE("not a Supabase address");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Reads an address. */
    public static SupabaseAddress of(DatabaseUrl url) {
        String host = url.host().toLowerCase(Locale.ROOT);
        boolean perTransaction = isTransactionPooler(url);
        Matcher direct = DIRECT.matcher(host);
        if (direct.matches()) {
            return new SupabaseAddress(
                    perTransaction ? Kind.DEDICATED_POOLER : Kind.DIRECT, url.user(), direct.group("ref"), "");
        }
        Matcher pooler = POOLER.matcher(host);
        if (pooler.matches()) {
            // As Supavisor takes it apart: roles may have dots of their own.
            int dot = url.user().lastIndexOf('.');
            return new SupabaseAddress(
                    perTransaction ? Kind.TRANSACTION_POOLER : Kind.SESSION_POOLER,
                    dot < 0 ? url.user() : url.user().substring(0, dot),
                    dot < 0 ? "" : url.user().substring(dot + 1),
                    pooler.group("region") == null ? "" : pooler.group("region"));
        }
        Matcher other = OTHER.matcher(host);
        return other.matches()
                ? new SupabaseAddress(
                        Kind.NO_DATABASE, url.user(), other.group("ref") == null ? "" : other.group("ref"), "")
                : new SupabaseAddress(Kind.NONE, url.user(), "", "");
    }

    /** Whether it hands its clients to another session at each transaction; by the port, so that it goes for any host. */
    public static boolean isTransactionPooler(DatabaseUrl url) {
        return url.port() == TRANSACTION_PORT;
    }

    /** Whether Supabase serves it. */
    public boolean isSupabase() {
        return kind != Kind.NONE;
    }

    /** Whether it only takes as many connections at once as the pool has. */
    public boolean isSessionPooler() {
        return kind == Kind.SESSION_POOLER;
    }

    static boolean isRef(String text) {
        return REF.matcher(text).matches();
    }

    /** The project that a read replica belongs to, too; empty when the address names none. */
    public String project() {
        return ref.replaceFirst("-rr-.*", "");
    }

    /** How the same project is reached over IPv4, with placeholders for what this address doesn't say. */
    public String sessionPoolerForm(String database) {
        return "postgresql://" + role + "." + (isRef(ref) ? ref : "<project ref>") + ":***@aws-0-"
                + (region.isEmpty() ? "<region>" : region) + ".pooler.supabase.com:" + SESSION_PORT + "/" + database;
    }

    /** In words, for {@code check}. */
    @Override
    public String toString() {
        return (isSupabase() ? "Supabase, " : "")
                + kind.text
                + (ref.isEmpty() ? "" : " of project " + ref)
                + (region.isEmpty() ? "" : " in " + region);
    }
}
