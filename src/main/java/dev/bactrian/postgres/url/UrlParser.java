package dev.bactrian.postgres.url;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes a connection URI apart (PostgreSQL manual, "Connection URIs"). No message holds any part of a password. */
final class UrlParser {

    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://(?:(?<userinfo>[^/?#]*)@)?"
            + "(?<host>\\[[0-9A-Fa-f:.%]+\\]|[^:/?#@\\[\\],]*)(?::(?<port>[0-9]{1,5}))?(?:/(?<database>[^/?#]*))?"
            + "(?:\\?(?<query>[^#]*))?");
    private static final Pattern SEVERAL_HOSTS =
            Pattern.compile("postgres(?:ql)?://(?:[^/?#@,]*@)(?<hosts>[^/?#@]*,[^/?#@]*)(?:[/?].*)?");
    private static final String EXPECTED = "Write it as postgresql://user:password@host:5432/database?sslmode=require.";
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

    /** What may stand in the query where the part before it leaves it out. */
    private static final Set<String> PLACES = Set.of("host", "port", "user", "dbname");

    private UrlParser() {}

    static DatabaseUrl parse(String text) {
        String uri = text.strip();
        require(
                uri.startsWith("postgresql://") || uri.startsWith("postgres://"),
                "isn't a PostgreSQL URI. " + EXPECTED);
        UrlMistakes.in(uri).ifPresent(UrlParser::refuse);
        Matcher several = SEVERAL_HOSTS.matcher(uri);
        if (several.matches()) {
            throw severalHosts();
        }
        Matcher form = FORM.matcher(uri);
        require(
                form.matches(),
                "can't be read. " + EXPECTED
                        + " Percent-encode special characters of the password: @ is %40, : is %3A, / is %2F, # is %23, "
                        + "? is %3F, % is %25.");
        requirePrintable(form.group("host"));
        Map<String, String> query = query(form.group("query") == null ? "" : form.group("query"));
        String[] credentials = (form.group("userinfo") == null ? "" : form.group("userinfo")).split(":", 2);
        String user = place("user", decode(credentials[0]), query, "has no user. " + EXPECTED);
        String host = place(
                "host",
                decode(form.group("host")).replaceAll("^\\[|\\]$", ""),
                query,
                "has no host. " + EXPECTED
                        + " For a Unix socket, its folder is the host: postgresql://user@%2Fvar%2Frun%2Fpostgresql/database.");
        if (host.contains(",")) {
            throw severalHosts();
        }
        require(
                !host.startsWith("@"),
                "names an abstract Unix socket, which can't be connected to from here. Use the server's host, or a socket in"
                        + " a folder (unix_socket_directories).");
        String database =
                place("dbname", decode(orEmpty(form.group("database"))), query, "has no database. " + EXPECTED);
        int port = port(form.group("port"), query);
        query.keySet().removeAll(PLACES);
        DatabaseUrl url = new DatabaseUrl(
                host,
                port,
                database,
                user,
                credentials.length == 2 ? decode(credentials[1]) : "",
                UrlParameters.checked(query));
        SupabaseRefusals.of(url).ifPresent(UrlParser::refuse);
        return url;
    }

    private static IllegalArgumentException severalHosts() {
        return new IllegalArgumentException(
                "names several hosts, and all connections of a backup must reach the same server: only that server "
                        + "knows the snapshot. Keep the one to be backed up; a standby works, too. To back up a "
                        + "second one, configure it as DATABASE_URL_<NAME>.");
    }

    private static int port(@Nullable String before, Map<String, String> query) {
        String text = query.getOrDefault("port", orEmpty(before));
        require(before == null || !query.containsKey("port"), twice("port"));
        require(text.matches("[0-9]{0,5}"), "has port " + text + ". A port is a number from 1 to 65535.");
        int port = text.isEmpty() ? DEFAULT_PORT : Integer.parseInt(text);
        require(port > 0 && port <= MAX_PORT, "has port " + port + ". A port is a number from 1 to 65535.");
        return port;
    }

    private static String place(String name, String before, Map<String, String> query, String otherwise) {
        String given = query.get(name);
        require(given == null || before.isEmpty(), twice(name));
        String value = given == null ? before : given;
        require(!value.isEmpty(), otherwise);
        return value;
    }

    private static String twice(String name) {
        return "has the parameter " + name + " twice. Keep one.";
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Map<String, String> query(String query) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            if (!PLACES.contains(name)) {
                UrlParameters.requireKnown(name);
            }
            String value = parts.length == 2 ? decode(parts[1]) : "";
            require(!value.isEmpty(), "has the parameter " + name + " without a value. Add a value or remove it.");
            require(found.put(name, value) == null, twice(name));
        }
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
                "has a control character (such as %00 or %0A), which can't be passed to a program. Remove it.");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            refuse(otherwise);
        }
    }

    private static void refuse(String why) {
        throw new IllegalArgumentException(why);
    }
}
