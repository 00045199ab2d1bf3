package dev.bactrian.problem;

import dev.bactrian.support.Causes;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Why no TLS connection to a server came about, whichever client asked: Java's own exceptions (JSSE) in words.
 *
 * @param text whose certificate it is, what is wrong with it, and what the client said
 */
public record TlsFailure(Kind kind, String text) {

    /** What is wrong. */
    public enum Kind {
        UNTRUSTED(
                "isn't trusted here",
                "Give Java a trust store with the authority that signed it: "
                        + "BACTRIAN_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE."),
        EXPIRED("has expired", "Have the server's certificate renewed."),
        NOT_YET_VALID("isn't valid yet", "Correct this machine's clock, or wait until the certificate is valid."),
        OTHER_NAME(
                "is for another host name",
                "Use an address with a name that the certificate has, or get a certificate for this name."),
        NO_TLS(
                "wasn't sent: the two sides could not agree on TLS",
                "Check whether that port uses TLS (https://), version 1.2 or newer.");

        private final String words;
        private final String remedy;

        Kind(String words, String remedy) {
            this.words = words;
            this.remedy = remedy;
        }

        /** What is wrong with the server's certificate, as the end of a sentence; names no host. */
        public String words() {
            return words;
        }

        /** What to do, where no setting of the client's own helps. */
        public String remedy() {
            return remedy;
        }
    }

    /** What is wrong, or nothing when TLS isn't the reason. */
    public static Optional<TlsFailure> of(@Nullable Throwable failure) {
        if (failure == null) {
            return Optional.empty();
        }
        boolean tls =
                Causes.of(failure).anyMatch(at -> at instanceof SSLException || at instanceof CertificateException);
        Kind kind = Causes.of(failure)
                .map(TlsFailure::kind)
                .filter(Objects::nonNull)
                .reduce((outer, inner) -> inner)
                .orElse(null);
        Throwable last = Causes.innermost(failure);
        // A connection that broke says nothing about certificates.
        boolean broke = kind == null && last instanceof IOException && !(last instanceof SSLException);
        if (!tls || broke) {
            return Optional.empty();
        }
        Kind found = kind == null ? Kind.NO_TLS : kind;
        String whose = Causes.first(failure, RefusedCertificateException.class)
                .map(Throwable::getMessage)
                .orElse("its certificate");
        String said = last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
        return Optional.of(new TlsFailure(found, whose + " " + found.words() + " (" + said + ")"));
    }

    private static @Nullable Kind kind(Throwable at) {
        if (at instanceof CertificateExpiredException) {
            return Kind.EXPIRED;
        }
        if (at instanceof CertificateNotYetValidException) {
            return Kind.NOT_YET_VALID;
        }
        if (at instanceof CertPathBuilderException || at instanceof CertPathValidatorException) {
            return Kind.UNTRUSTED;
        }
        // JSSE says so by this class itself, with no cause; HTTP clients that compare names themselves by the other.
        boolean name = at.getClass() == CertificateException.class && at.getCause() == null;
        return name || at instanceof SSLPeerUnverifiedException ? Kind.OTHER_NAME : null;
    }
}
