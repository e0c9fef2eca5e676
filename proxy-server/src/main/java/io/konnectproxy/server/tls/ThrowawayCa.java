package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyStores;
import io.konnectproxy.keys.TrustedCertificates;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority that lives in memory for a day, for the offline demonstration and for tests. */
public final class ThrowawayCa {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final PrivateCa ca;

    /**
     * Makes a new authority with a key of its own.
     *
     * @throws GeneralSecurityException when this JDK lacks P-256 or SHA-256
     */
    public ThrowawayCa() throws GeneralSecurityException {
        this.ca = PrivateCa.create(Instant.now(), VALIDITY);
    }

    public X509Certificate certificate() {
        return ca.certificate();
    }

    /** What a server for these names needs. */
    public SSLContext serverContext(List<String> names) throws GeneralSecurityException {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(serverStore(names), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }

    /** Key and certificate of a server for these names, under the alias {@code server} and without a password. */
    public KeyStore serverStore(List<String> names) throws GeneralSecurityException {
        IssuedCertificate server = ca.server(SubjectNames.parse(names), Instant.now(), VALIDITY);
        KeyStore store = KeyStores.empty();
        store.setKeyEntry(
                "server", server.key(), new char[0], new Certificate[] {server.certificate(), ca.certificate()});
        return store;
    }

    /** What a client needs that trusts this authority and no other. */
    public SSLContext clientContext() throws GeneralSecurityException {
        return new TrustedCertificates("memory", List.of(certificate())).clientContext();
    }
}
