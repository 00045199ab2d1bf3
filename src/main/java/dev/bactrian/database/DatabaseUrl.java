package dev.bactrian.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection URI in libpq's form, {@code postgresql://user:password@host:port/database?sslmode=…} (PostgreSQL manual,
 * "Connection URIs"), parsed strictly: one host, a user, a database, and only parameters that both libpq and the JDBC
 * driver understand alike.
 *
 * @param parameters of {@link #PARAMETERS}, in the order given
 */
public record DatabaseUrl(
        String host, int port, String database, String user, String password, Map<String, String> parameters) {

    static final Set<String> PARAMETERS = Set.of("sslmode", "sslrootcert", "connect_timeout", "application_name");
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://(?<userinfo>[^/?#]*)@"
            + "(?<host>\\[[0-9A-Fa-f:.%]+\\]|[^:/?#@\\[\\],]+)(?::(?<port>[0-9]{1,5}))?/(?<database>[^/?#]+)"
            + "(?:\\?(?<query>[^#]*))?");
    private static final String EXPECTED = "Write it as postgresql://user:password@host:5432/database?sslmode=require.";
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

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
        String uri = text.strip();
        require(
                uri.startsWith("postgresql://") || uri.startsWith("postgres://"),
                "isn't a PostgreSQL URI. " + EXPECTED);
        UrlMistakes.in(uri).ifPresent(DatabaseUrl::refuse);
        Matcher form = FORM.matcher(uri);
        require(
                form.matches(),
                "can't be read. " + EXPECTED
                        + " Percent-encode special characters of the password: @ is %40, : is %3A, / is %2F, # is %23, "
                        + "? is %3F, % is %25.");
        requirePrintable(form.group("host"));
        String[] credentials = form.group("userinfo").split(":", 2);
        require(!credentials[0].isEmpty(), "names no user. " + EXPECTED);
        int port = form.group("port") == null ? DEFAULT_PORT : Integer.parseInt(form.group("port"));
        require(port > 0 && port <= MAX_PORT, "has port " + port + ". A port is a number from 1 to 65535.");
        DatabaseUrl url = new DatabaseUrl(
                form.group("host").replaceAll("^\\[|\\]$", ""),
                port,
                decode(form.group("database")),
                decode(credentials[0]),
                credentials.length == 2 ? decode(credentials[1]) : "",
                parameters(form.group("query") == null ? "" : form.group("query")));
        SupabaseRefusals.of(url).ifPresent(DatabaseUrl::refuse);
        return url;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            require(
                    PARAMETERS.contains(name),
                    "has the parameter " + name + ", which Bactrian doesn't take. Leave it out; known are "
                            + String.join(", ", PARAMETERS.stream().sorted().toList()) + ".");
            String value = parts.length == 2 ? decode(parts[1]) : "";
            require(!value.isEmpty(), "gives the parameter " + name + " no value. Give it one or leave it out.");
            require(found.put(name, value) == null, "gives the parameter " + name + " twice. Keep one.");
        }
        String sslmode = found.getOrDefault("sslmode", "prefer");
        require(
                SSL_MODES.contains(sslmode),
                "has sslmode=" + sslmode + ". Use one of "
                        + String.join(", ", SSL_MODES.stream().sorted().toList()) + ".");
        String timeout = found.getOrDefault("connect_timeout", "10");
        require(timeout.matches("[0-9]{1,4}"), "has connect_timeout=" + timeout + ". Use whole seconds.");
        return found;
    }

    private static String decode(String part) {
        String decoded;
        try {
            // URLDecoder turns + into a space, which a connection URI doesn't.
            decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Its message would quote the part.
            throw new IllegalArgumentException(
                    "has a % that isn't followed by two hex digits. Write a plain % as %25.");
        }
        requirePrintable(decoded);
        return decoded;
    }

    /** A password file has one line per password, and an argument ends at a zero byte. */
    private static void requirePrintable(String part) {
        require(
                part.chars().noneMatch(Character::isISOControl),
                "holds a control character (such as %00 or %0A), which no program can be given. Leave it out.");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            refuse(otherwise);
        }
    }

    private static void refuse(String why) {
        throw new IllegalArgumentException(why);
    }

    /** The encryption asked for, in libpq's words; when nothing was, {@code require} at Supabase, else {@code prefer}. */
    public String sslmode() {
        return parameters.getOrDefault("sslmode", SupabaseAddress.of(this).isSupabase() ? "require" : "prefer");
    }

    public String jdbcUrl() {
        String address = inAddress(host);
        return "jdbc:postgresql://" + address + ":" + port + "/"
                + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the JDBC driver needs beside {@link #jdbcUrl()}: credentials, TLS, timeouts. */
    public Properties jdbcProperties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", sslmode());
        if (parameters.containsKey("sslrootcert")) {
            properties.setProperty("sslrootcert", parameters.get("sslrootcert"));
        }
        properties.setProperty("connectTimeout", parameters.getOrDefault("connect_timeout", "10"));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", parameters.getOrDefault("application_name", "bactrian"));
        return properties;
    }

    /** As {@link #conninfo(String, String)}, with the settings that the server has. */
    public String conninfo(String passfile) {
        return conninfo(passfile, "");
    }

    /**
     * The same database for a libpq program, as key/value text without the password: it goes by a passfile.
     *
     * @param options settings of the session, as {@code -c name=value}; empty for none
     */
    public String conninfo(String passfile, String options) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("host", host);
        words.put("port", Integer.toString(port));
        words.put("dbname", database);
        words.put("user", user);
        words.put("passfile", passfile);
        words.put("sslmode", sslmode());
        words.put("connect_timeout", "10");
        words.put("application_name", "bactrian");
        words.putAll(parameters);
        if (!options.isEmpty()) {
            words.put("options", options);
        }
        return conninfo(words);
    }

    /** The name alone, for a parameter in whose place a libpq program takes key/value text, too. */
    public String databaseConninfo() {
        return conninfo(Map.of("dbname", database));
    }

    private static String conninfo(Map<String, String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach((word, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(word)
                .append("='")
                .append(value.replace("\\", "\\\\").replace("'", "\\'"))
                .append('\''));
        return text.toString();
    }

    /** A line of a password file (PostgreSQL manual, "The Password File"). */
    public String passfileLine() {
        return String.join(":", escape(host), Integer.toString(port), "*", escape(user), escape(password)) + "\n";
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\").replace(":", "\\:");
    }

    /** Which database it is, whoever connects to it: {@code host:port/database}. */
    public String address() {
        return host + ":" + port + "/" + database;
    }

    /** Another database on the same server, as the same user. */
    public DatabaseUrl withDatabase(String other) {
        return new DatabaseUrl(host, port, other, user, password, parameters);
    }

    /** The URI with another port and without its password: for remedies that show what to write. */
    public String withPort(int other) {
        return new DatabaseUrl(host, other, database, user, password, parameters).toString();
    }

    /** The URI with the password masked: safe to show. */
    @Override
    public String toString() {
        String address = inAddress(host);
        String query = parameters.containsKey("sslmode") ? "?sslmode=" + sslmode() : "";
        return "postgresql://" + user + ":***@" + address + ":" + port + "/" + database + query;
    }

    /** A host as it is written in front of a port: an IPv6 address in brackets (RFC 3986, 3.2.2). */
    public static String inAddress(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
