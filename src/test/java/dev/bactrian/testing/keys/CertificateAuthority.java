package dev.bactrian.testing.keys;

import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** An authority and certificates by it, as PEM files, made by the JDK's keytool. */
public final class CertificateAuthority {

    /** What gives a certificate its time. */
    private static final Set<String> MAKING = Set.of("-genkeypair", "-gencert");

    private final Path folder;
    private final Path store;

    /** A new authority. */
    public CertificateAuthority() {
        folder = TemporaryFiles.folder("certificates");
        folder.toFile().setReadable(true, false);
        folder.toFile().setExecutable(true, false);
        store = folder.resolve("store.p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-keyalg", "RSA", "-ext", "bc:critical=ca:true");
        write(authority(), certificate("ca"));
    }

    /** The file with the authority's certificate. */
    public Path authority() {
        return folder.resolve("ca.crt");
    }

    public Path certificateOf(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path keyOf(String name) {
        return folder.resolve(name + ".key");
    }

    /**
     * Makes a certificate and its key.
     *
     * @param algorithm RSA or EC
     * @param names keytool's extension {@code san}, as {@code ip:127.0.0.1}; empty for none
     */
    public CertificateAuthority issue(String name, String algorithm, String names) {
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", algorithm);
        Path request = folder.resolve(name + ".csr");
        Path signed = folder.resolve(name + ".signed");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        List<String> sign = new ArrayList<>(
                List.of("-gencert", "-alias", "ca", "-infile", request.toString(), "-outfile", signed.toString()));
        if (!names.isEmpty()) {
            sign.addAll(List.of("-ext", "san=" + names));
        }
        keytool(sign.toArray(String[]::new));
        keytool("-importcert", "-alias", name, "-file", signed.toString(), "-noprompt");
        write(certificateOf(name), certificate(name));
        write(keyOf(name), key(name));
        return this;
    }

    private void keytool(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        if (MAKING.contains(arguments[0])) {
            words.addAll(List.of("-validity", "30"));
        }
        Keytool.run(store, words);
    }

    private byte[] certificate(String alias) {
        try {
            return pem("CERTIFICATE", load().getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] key(String alias) {
        try {
            return pem(
                    "PRIVATE KEY",
                    load().getKey(alias, Keytool.PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load() throws GeneralSecurityException {
        try (var in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, Keytool.PASSWORD.toCharArray());
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pem(String kind, byte[] content) {
        return ("-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
            if (file.toString().endsWith(".key")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
