package dev.bactrian.postgres.url;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The parameters of a connection URI that both the JDBC driver and libpq's programs can be given, and why others are refused
 * (PostgreSQL manual, "Parameter Key Words").
 */
final class UrlParameters {

    private static final String ANY = "";

    /** What each one takes, as a regular expression; nothing where that is anything. */
    private static final Map<String, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("sslmode", "disable|allow|prefer|require|verify-ca|verify-full");
        KNOWN.put("sslrootcert", ANY);
        KNOWN.put("sslcert", ANY);
        KNOWN.put("sslkey", ANY);
        KNOWN.put("channel_binding", "disable|prefer|require");
        KNOWN.put("gssencmode", "disable|prefer|require");
        KNOWN.put("target_session_attrs", "any|read-write|read-only|primary|standby|prefer-standby");
        KNOWN.put(DatabaseUrl.OPTIONS, ANY);
        KNOWN.put("connect_timeout", "[0-9]{1,4}");
        KNOWN.put("application_name", ANY);
    }

    private static final Map<String, String> REFUSED = Map.of(
            "sslpassword",
            "is a secret that could be passed to PostgreSQL's programs only where every user of the machine sees it. "
                    + "Remove the passphrase from a copy of the key that only this user can read: openssl pkey -in "
                    + "client.key -out plain.key",
            "password",
            "belongs before the host: postgresql://user:password@host:5432/database",
            "passfile",
            "names a file that the JDBC driver doesn't read. Put the password into the URI, or the whole URI into a "
                    + "file that the setting with _FILE at its end names",
            "service",
            "names an entry of a file that the JDBC driver reads differently. Write its contents into the URI",
            "hostaddr",
            "isn't supported by the JDBC driver. Write the address as the host, or set DATABASE_IPV4_ONLY=true to use "
                    + "only IPv4",
            "load_balance_hosts",
            "is for several hosts, and all connections of a backup must reach the same server. Remove it");

    private static final String SYSTEM = "system";

    /** Where systems keep the certificates that they trust, all in one file. */
    private static final String[] BUNDLES = {
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem"
    };

    private UrlParameters() {}

    static void requireKnown(String name) {
        if (REFUSED.containsKey(name)) {
            throw new IllegalArgumentException("has the parameter " + name + ", which " + REFUSED.get(name)
                    + ". Remove it; known are " + String.join(", ", new TreeSet<>(KNOWN.keySet())) + ".");
        }
        if (!KNOWN.containsKey(name)) {
            throw new IllegalArgumentException(
                    "has the parameter " + name + ", which Bactrian doesn't accept. Remove it; known are "
                            + String.join(", ", new TreeSet<>(KNOWN.keySet())) + ".");
        }
    }

    /** The parameters, with what only newer programs understand in words that all do. */
    static Map<String, String> checked(Map<String, String> given) {
        given.forEach(UrlParameters::check);
        boolean certificate = given.containsKey("sslcert");
        if (certificate != given.containsKey("sslkey")) {
            throw new IllegalArgumentException(
                    "has " + (certificate ? "sslcert without sslkey" : "sslkey without sslcert")
                            + ". A client certificate needs its key: set the paths of both.");
        }
        Map<String, String> found = new LinkedHashMap<>(given);
        if (SYSTEM.equals(given.get("sslrootcert"))) {
            String mode = given.getOrDefault("sslmode", "verify-full");
            if (!"verify-full".equals(mode)) {
                throw new IllegalArgumentException("has sslmode=" + mode
                        + " with sslrootcert=system, which would accept any host with a public certificate. Use "
                        + "sslmode=verify-full.");
            }
            found.put("sslmode", mode);
            // libpq knows the word from 16 on, the driver doesn't: both take the file.
            found.put("sslrootcert", bundle());
        }
        return found;
    }

    private static void check(String name, String value) {
        String form = KNOWN.getOrDefault(name, ANY);
        if (form.isEmpty() || value.matches(form)) {
            return;
        }
        if ("connect_timeout".equals(name)) {
            throw new IllegalArgumentException("has connect_timeout=" + value + ". Use whole seconds.");
        }
        throw new IllegalArgumentException("has " + name + "=" + value + ". Use one of "
                + String.join(", ", new TreeSet<>(java.util.List.of(form.split("\\|")))) + ".");
    }

    private static String bundle() {
        return Stream.concat(Stream.ofNullable(System.getenv("SSL_CERT_FILE")), Stream.of(BUNDLES))
                .filter(Objects::nonNull)
                .filter(file -> Files.isReadable(Path.of(file)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "has sslrootcert=system, but no file of certificates was found in the known places. "
                                + "Install them (on Debian and Ubuntu: apt-get install ca-certificates), or "
                                + "set the file's path."));
    }
}
