package dev.bactrian.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Certificates in PEM (RFC 7468), one or more in a file; text between them means nothing. */
final class CertificateFile {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN CERTIFICATE-----\\s+[A-Za-z0-9+/=\\s]+-----END [A-Z0-9 ]+-----");

    private CertificateFile() {}

    /** Those of the file that a setting names, none where it isn't set; adds what is wrong to the errors. */
    static List<X509Certificate> read(SettingSource source, SettingName name, List<String> errors) {
        Optional<String> file = source.get(name.name());
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            List<X509Certificate> found = parse(Files.readAllBytes(Path.of(file.get())));
            if (found.isEmpty()) {
                errors.add(name + " names a file without a certificate: " + file.get()
                        + ". It must be PEM, with lines -----BEGIN CERTIFICATE-----.");
            }
            return found;
        } catch (IOException | InvalidPathException e) {
            errors.add(name + " can't be read: " + file.get() + " ("
                    + e.getClass().getSimpleName() + "). Set it to the path of a PEM file that this process can read.");
        } catch (CertificateException e) {
            errors.add(name + " has a certificate that can't be read: " + file.get() + ". Export it again, as PEM.");
        }
        return List.of();
    }

    private static List<X509Certificate> parse(byte[] content) throws CertificateException, IOException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        for (MatchResult block : PEM.matcher(text).results().toList()) {
            byte[] one = block.group().getBytes(StandardCharsets.ISO_8859_1);
            try (InputStream in = new ByteArrayInputStream(one)) {
                found.add((X509Certificate) factory.generateCertificate(in));
            }
        }
        return found;
    }
}
