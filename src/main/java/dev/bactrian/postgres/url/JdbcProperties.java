package dev.bactrian.postgres.url;

import dev.bactrian.postgres.socket.Ipv4SocketFactory;
import dev.bactrian.postgres.socket.UnixSocketFactory;
import dev.bactrian.postgres.socket.WatchedSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** A connection URI as the JDBC driver takes it: libpq's parameters under the driver's names (jdbc.postgresql.org, "Connecting to the Database"). */
final class JdbcProperties {

    private static final Map<String, String> NAMES = Map.of(
            "sslrootcert",
            "sslrootcert",
            "sslcert",
            "sslcert",
            "sslkey",
            "sslkey",
            "channel_binding",
            "channelBinding",
            "gssencmode",
            "gssEncMode",
            DatabaseUrl.OPTIONS,
            "options");

    /** The driver knows servers that take writes, and others. */
    private static final Map<String, String> SERVER_TYPES = Map.of(
            "any", "any",
            "read-write", "primary",
            "primary", "primary",
            "read-only", "secondary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");

    private static final Pattern NUMERIC_IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private JdbcProperties() {}

    /** As libpq takes it: with an authority's file, {@code require} verifies (PostgreSQL manual, "SSL Support"). */
    private static String sslmode(String mode, Map<String, String> given) {
        return "require".equals(mode) && given.containsKey("sslrootcert") ? "verify-ca" : mode;
    }

    static Properties of(DatabaseUrl url) {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        Map<String, String> given = url.parameters();
        properties.setProperty("sslmode", sslmode(url.sslmode(), given));
        NAMES.forEach((name, own) -> {
            if (given.containsKey(name)) {
                properties.setProperty(own, given.get(name));
            }
        });
        if (given.containsKey("sslcert")) {
            // It is the key's, too, which the driver doesn't find out by itself.
            properties.setProperty("pemKeyAlgorithm", algorithm(Path.of(given.get("sslcert"))));
        }
        if (given.containsKey("target_session_attrs")) {
            properties.setProperty(
                    "targetServerType",
                    SERVER_TYPES.getOrDefault(given.getOrDefault("target_session_attrs", ""), "any"));
        }
        if (url.isSocket()) {
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", url.host() + "/.s.PGSQL." + url.port());
            properties.setProperty("gssEncMode", "disable");
        } else if (url.isIpv4Only()) {
            properties.setProperty("socketFactory", Ipv4SocketFactory.class.getName());
        } else {
            properties.setProperty("socketFactory", WatchedSocketFactory.class.getName());
        }
        properties.setProperty("connectTimeout", given.getOrDefault("connect_timeout", "10"));
        properties.setProperty("tcpKeepAlive", "true");
        // Its name goes with the startup message then, not by a SET of its own.
        properties.setProperty("assumeMinServerVersion", "12");
        properties.setProperty("ApplicationName", given.getOrDefault("application_name", "bactrian"));
        return properties;
    }

    /** The host in a JDBC URL; in place of a socket's folder a name that isn't looked up. */
    static String host(DatabaseUrl url) {
        String host = url.host();
        if (url.isSocket()) {
            return "localhost";
        }
        if (NUMERIC_IPV6.matcher(host).matches()) {
            try {
                // As Java writes the addresses of a certificate, with which the driver compares it letter by letter.
                return DatabaseUrl.inAddress(InetAddress.getByName(host).getHostAddress());
            } catch (UnknownHostException e) {
                return DatabaseUrl.inAddress(host);
            }
        }
        return DatabaseUrl.inAddress(host);
    }

    private static String algorithm(Path certificate) {
        try (InputStream in = Files.newInputStream(certificate)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getAlgorithm();
        } catch (IOException | CertificateException e) {
            // The driver says what is wrong with it.
            return "RSA";
        }
    }
}
