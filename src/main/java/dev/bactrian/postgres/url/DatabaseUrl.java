package dev.bactrian.postgres.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A connection URI in libpq's form, {@code postgresql://user:password@host:port/database?sslmode=…} (PostgreSQL manual,
 * "Connection URIs"), parsed strictly: one host or one folder of a Unix socket, a user, a database, and only parameters that
 * libpq's programs and the JDBC driver can both be given.
 *
 * @param host a name, an address, or the absolute path of the folder of a Unix socket
 * @param parameters of {@link UrlParameters}, in the order given
 */
public record DatabaseUrl(
        String host, int port, String database, String user, String password, Map<String, String> parameters) {

    /** Not one of libpq's: that names are looked up for IPv4 addresses alone. */
    static final String IPV4_ONLY = "ipv4_only";

    public static final String OPTIONS = "options";

    public DatabaseUrl {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Parses a URI.
     *
     * @throws IllegalArgumentException saying what is wrong and how to put it right, without the URI itself: it holds a
     *     password
     */
    public static DatabaseUrl parse(String text) {
        return UrlParser.parse(text);
    }

    /** The encryption asked for, in libpq's words; when nothing was, {@code require} at Supabase, else {@code prefer}. */
    public String sslmode() {
        if (isSocket()) {
            // As libpq has it: there is no encryption on a Unix socket, and none is asked for.
            return "disable";
        }
        return parameters.getOrDefault("sslmode", SupabaseAddress.of(this).isSupabase() ? "require" : "prefer");
    }

    /** Whether it is reached by a Unix socket in the folder {@link #host}. */
    public boolean isSocket() {
        return host.startsWith("/");
    }

    /** Settings of the session and what else the server takes as {@code options} at the start; empty for none. */
    public String options() {
        return parameters.getOrDefault(OPTIONS, "");
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + JdbcProperties.host(this) + ":" + port + "/" + encoded(database);
    }

    /** What the JDBC driver needs beside {@link #jdbcUrl()}: credentials, TLS, timeouts. */
    public Properties jdbcProperties() {
        return JdbcProperties.of(this);
    }

    /** As {@link #conninfo(String, String)}, with the settings that the server has. */
    public String conninfo(String passfile) {
        return conninfo(passfile, "");
    }

    /**
     * The same database for a libpq program, as key/value text without the password: it goes by a passfile.
     *
     * @param options settings of the session, as {@code -c name=value}, on top of the URI's own; empty for none
     */
    public String conninfo(String passfile, String options) {
        return Conninfo.of(this, passfile, options);
    }

    /** The name alone, for a parameter in whose place a libpq program takes key/value text, too. */
    public String databaseConninfo() {
        return Conninfo.text(Map.of("dbname", database));
    }

    /** What a password file has to say (PostgreSQL manual, "The Password File"). */
    public String passfileLine() {
        return Conninfo.passfile(this);
    }

    /** Which database it is, whoever connects to it: {@code host:port/database}. */
    public String address() {
        return host + ":" + port + "/" + database;
    }

    /** Another database on the same server, as the same user. */
    public DatabaseUrl withDatabase(String other) {
        return new DatabaseUrl(host, port, other, user, password, parameters);
    }

    /** The same, whose host is looked up for IPv4 addresses alone. */
    public DatabaseUrl overIpv4() {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(IPV4_ONLY, "true");
        return new DatabaseUrl(host, port, database, user, password, more);
    }

    boolean isIpv4Only() {
        return parameters.containsKey(IPV4_ONLY);
    }

    /** The URI with another port and without its password: for remedies that show what to write. */
    public String withPort(int other) {
        return new DatabaseUrl(host, other, database, user, password, parameters).toString();
    }

    /** The URI with the password masked: safe to show. */
    @Override
    public String toString() {
        String query = parameters.containsKey("sslmode") && !isSocket() ? "?sslmode=" + sslmode() : "";
        return "postgresql://" + user + ":***@" + (isSocket() ? encoded(host) : inAddress(host)) + ":" + port + "/"
                + database + query;
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A host as it is written in front of a port: an IPv6 address in brackets (RFC 3986, 3.2.2). */
    public static String inAddress(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
