package io.konnectproxy.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The authorities that a peer's certificate may come from, in place of those that the JVM trusts.
 *
 * @param file where they were read from
 * @param certificates at least one
 */
public record TrustedCertificates(String file, List<X509Certificate> certificates) {
    /** Hundreds of authorities fit in; what is larger is something else. */
    private static final int MAX_BYTES = 4 << 20;

    public TrustedCertificates {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads a file in PEM.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the name of the file
     */
    public static TrustedCertificates read(String file) {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("is no file; certificates in PEM are needed");
        }
        try (InputStream in = Files.newInputStream(path)) {
            List<X509Certificate> certificates = new ArrayList<>();
            byte[] bytes = in.readNBytes(MAX_BYTES);
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                certificates.add((X509Certificate) each);
            }
            if (!certificates.isEmpty()) {
                return new TrustedCertificates(file, certificates);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read; check its permissions", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("has something else than certificates in PEM in it", e);
        }
        throw new IllegalArgumentException("has no certificate in it");
    }

    /** For a client that trusts these and no others. */
    public SSLContext clientContext() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
