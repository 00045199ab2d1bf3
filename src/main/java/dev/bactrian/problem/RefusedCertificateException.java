package dev.bactrian.problem;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** A server's certificate that isn't accepted; its message says whose it is. */
public final class RefusedCertificateException extends CertificateException {

    private static final long serialVersionUID = 1L;

    public RefusedCertificateException(X509Certificate certificate, CertificateException why) {
        super(
                "the certificate of " + certificate.getSubjectX500Principal() + ", issued by "
                        + (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                                ? "itself"
                                : certificate.getIssuerX500Principal())
                        + ",",
                why);
    }
}
