package dev.bactrian.store;

import dev.bactrian.problem.RefusedCertificateException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts what Java trusts, and the certificates of S3_CA_FILE; says of a certificate that it refuses whose it is. */
final class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager java;

    private ServerTrust(X509ExtendedTrustManager java) {
        this.java = java;
    }

    /**
     * For clients of the SDK.
     *
     * @param more certificates to trust in addition
     */
    static TrustManager[] with(List<X509Certificate> more) {
        try {
            X509ExtendedTrustManager system = manager(null);
            if (more.isEmpty()) {
                return new TrustManager[] {new ServerTrust(system)};
            }
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (X509Certificate authority : system.getAcceptedIssuers()) {
                all.setCertificateEntry("java-" + number++, authority);
            }
            for (X509Certificate authority : more) {
                all.setCertificateEntry("own-" + number++, authority);
            }
            return new TrustManager[] {new ServerTrust(manager(all))};
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Java's trust store can't be used", e);
        }
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no manager for X.509 certificates");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        try {
            java.checkServerTrusted(chain, type);
        } catch (CertificateException e) {
            throw new RefusedCertificateException(chain[0], e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        try {
            java.checkServerTrusted(chain, type, socket);
        } catch (CertificateException e) {
            throw new RefusedCertificateException(chain[0], e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            java.checkServerTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw new RefusedCertificateException(chain[0], e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        java.checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        java.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        java.checkClientTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return java.getAcceptedIssuers();
    }
}
