package dev.bactrian.postgres.url;

import dev.bactrian.postgres.socket.Ipv4SocketFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** A connection URI as libpq's programs take it: key/value text, and a file for the password. */
final class Conninfo {

    private Conninfo() {}

    static String of(DatabaseUrl url, String passfile, String options) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("host", url.host());
        words.put("port", Integer.toString(url.port()));
        words.put("dbname", url.database());
        words.put("user", url.user());
        words.put("passfile", passfile);
        words.put("sslmode", url.sslmode());
        words.put("connect_timeout", "10");
        words.put("application_name", "bactrian");
        words.putAll(url.parameters());
        words.put("sslmode", url.sslmode());
        words.remove(DatabaseUrl.IPV4_ONLY);
        if (url.isIpv4Only()) {
            // The name stays, for the certificate and the password file.
            Ipv4SocketFactory.ipv4(url.host()).ifPresent(address -> words.put("hostaddr", address.getHostAddress()));
        }
        String all = (url.options() + " " + options).strip();
        if (!all.isEmpty()) {
            words.put(DatabaseUrl.OPTIONS, all);
        }
        return text(words);
    }

    static String text(Map<String, String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach((word, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(word)
                .append("='")
                .append(value.replace("\\", "\\\\").replace("'", "\\'"))
                .append('\''));
        return text.toString();
    }

    /** For the folder that libpq has built in, which differs from system to system, it looks for {@code localhost} instead. */
    static String passfile(DatabaseUrl url) {
        return line(url, url.host()) + (url.isSocket() ? line(url, "localhost") : "");
    }

    private static String line(DatabaseUrl url, String host) {
        return String.join(
                        ":",
                        escape(host),
                        Integer.toString(url.port()),
                        "*",
                        escape(url.user()),
                        escape(url.password()))
                + "\n";
    }

    private static String escape(String field) {
        return field.replace("\\", "\\\\").replace(":", "\\:");
    }
}
