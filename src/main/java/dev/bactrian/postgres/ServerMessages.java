package dev.bactrian.postgres;

import dev.bactrian.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Errors whose remedy neither their SQLSTATE nor the first impression tells, known by the words of PostgreSQL, libpq, OpenSSL
 * and Java's TLS: libpq's programs print no SQLSTATE. Only the advice depends on it.
 */
public final class ServerMessages {

    private static final List<Meaning> MEANINGS = List.of(
            new Meaning(
                    "Unix socket /",
                    "No server on this machine listens on the Unix socket of %s.",
                    "Check the folder and the port in the connection URL: the socket's file is <folder>/.s.PGSQL.<port>, and SHOW"
                            + " unix_socket_directories names the folders. In a container the folder must be mounted."),
            new Meaning(
                    "has no IPv4 address",
                    "The host of %s has no IPv4 address, and DATABASE_IPV4_ONLY is true.",
                    "Use a host that has one, or remove DATABASE_IPV4_ONLY."),
            new Meaning(
                    "max_locks_per_transaction|out of shared memory",
                    "The lock table of the server of %s is full: each table, index and sequence takes a lock, and so "
                            + "does each large object in a restore.",
                    "Raise max_locks_per_transaction in its postgresql.conf and restart it: multiplied by "
                            + "max_connections plus max_prepared_transactions, it must exceed the number of tables "
                            + "and indexes that are read at once (on a standby, raise it there, too). Or exclude "
                            + "schemas (BACKUP_EXCLUDE_SCHEMAS)."),
            new Meaning(
                    "invalid memory alloc request size|[Cc]annot enlarge string buffer|string buffer exceeds maximum"
                            + "|buffer of \\d+ bytes by \\d+ more|out of memory for query result",
                    "A row or a field in %s is larger than PostgreSQL can print as text, which is 1 GB; bytea takes "
                            + "twice its size.",
                    "Leave out the rows of its table (BACKUP_EXCLUDE_TABLE_DATA=schema.table) and save them in "
                            + "another way: with psql's \\copy … (FORMAT binary), which doesn't double bytea, or in "
                            + "pieces with substring(). Or make the row smaller, for example by keeping large files "
                            + "in an object store."),
            new Meaning(
                    "conflict with recovery",
                    "%s is a standby, which ended the query because it conflicted with changes from its primary.",
                    "On the standby, raise max_standby_streaming_delay (and max_standby_archive_delay) above the "
                            + "duration of a backup, or set it to -1; hot_standby_feedback = on protects the rows "
                            + "that it reads, but not its locks. Or back up the primary."),
            new Meaning(
                    "requires a valid client certificate|certificate authentication failed|[Aa]lert:? certificate.required"
                            + "|alert bad certificate|Received fatal alert: (?:bad_certificate|certificate_required"
                            + "|certificate_unknown|unknown_ca|handshake_failure)|alert unknown ca",
                    "%s requires a client certificate, and got none that it accepts for this user.",
                    "Add sslcert=<path> and sslkey=<path> to the connection URL: a certificate whose CN is the user's "
                            + "name (or is mapped to it), signed by an authority that the server knows (ssl_ca_file), "
                            + "and its key as PKCS #8 (openssl pkcs8 -topk8 -nocrypt -in client.key -out "
                            + "client.pk8.key), in a file that only this user can read."),
            new Meaning(
                    "[Cc]ould not open SSL root certificate file|root certificate file \"[^\"]*\" does not exist"
                            + "|could not read root certificate file",
                    "The file of certificates to check the certificate of %s with can't be read.",
                    "Correct sslrootcert in the connection URL, or remove it to use ~/.postgresql/root.crt; "
                            + "sslrootcert=system uses the system's certificates."),
            new Meaning(
                    "PKIX path|unable to find valid certification path|certificate verify failed|self.signed certificate",
                    "The certificate of %s is signed by an authority that isn't in the file that it is checked with.",
                    "Set sslrootcert=<path> in the connection URL to the provider's authority certificate, or "
                            + "sslrootcert=system if the authority is a public one. If it worked before, check "
                            + "whether the server has a new certificate."),
            new Meaning(
                    "could not be verified by hostnameverifier|does not match host name|[Nn]o subject alternative",
                    "The certificate of %s is for another host name.",
                    "Write the host in the connection URL as the certificate has it; or use sslmode=verify-ca, which "
                            + "checks only the authority."),
            new Meaning(
                    "has group or world access|group or others? (?:can|may) read",
                    "The key of the client certificate for %s can be read by other users, which libpq refuses.",
                    "Run: chmod 600 on the file that sslkey names."),
            new Meaning(
                    "[Cc]ould not (?:read|load|decode) (?:SSL key file|PEM|private key)|PEM private key|SSL key file"
                            + "|could not load private key",
                    "The key of the client certificate for %s can't be read.",
                    "It must be PKCS #8 without a passphrase, in a file that only this user can read: openssl pkcs8 "
                            + "-topk8 -nocrypt -in client.key -out client.pk8.key, then chmod 600."),
            new Meaning(
                    "no pg_hba.conf entry for .*no encryption|pg_hba.conf rejects connection for .*no encryption",
                    "%s takes no unencrypted connections from this machine for this user.",
                    "Add ?sslmode=require to the end of the connection URL. If the server has no encryption, its "
                            + "pg_hba.conf must allow unencrypted connections for this user."),
            new Meaning(
                    "no pg_hba.conf entry|pg_hba.conf rejects connection",
                    "The pg_hba.conf of the server of %s has no line that lets this user connect from this address to this database.",
                    "Add such a line, and run SELECT pg_reload_conf(); or connect from an address that it allows."),
            new Meaning(
                    "Could not find a server with specified targetServerType|session is (?:not )?read-only|server is (?:not )?in hot"
                            + " standby mode",
                    "%s isn't a server of the kind that target_session_attrs in its URL asks for.",
                    "Use the host of one that is, or remove target_session_attrs: a standby can be backed up, too."));

    private ServerMessages() {}

    private record Meaning(Pattern pattern, String cause, String remedy) {
        Meaning(String pattern, String cause, String remedy) {
            this(Pattern.compile(pattern), cause, remedy);
        }
    }

    /** What a text means; empty when it is none of these. */
    public static Optional<Problem> explain(String database, String text) {
        return MEANINGS.stream()
                .filter(meaning -> meaning.pattern().matcher(text).find())
                .findFirst()
                .map(meaning -> new Problem(meaning.cause().formatted(database), meaning.remedy()));
    }
}
