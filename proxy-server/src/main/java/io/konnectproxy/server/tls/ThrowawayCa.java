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

/** A certificate authority in memory, valid for a day, for the offline demonstration and tests. */
public final class ThrowawayCa {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final PrivateCa ca;

    /**
     * Creates an authority with a new key.
     *
     * @throws GeneralSecurityException if this JDK lacks P-256 or SHA-256
     */
    public ThrowawayCa() throws GeneralSecurityException {
        this.ca = PrivateCa.create(Instant.now(), VALIDITY);
    }

    public X509Certificate certificate() {
        return ca.certificate();
    }

    /** The context of a server with these names. */
    public SSLContext serverContext(List<String> names) throws GeneralSecurityException {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(serverStore(names), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }

    /** The key and certificate of a server with these names, under the alias {@code server} and without a password. */
    public KeyStore serverStore(List<String> names) throws GeneralSecurityException {
        IssuedCertificate server = ca.server(SubjectNames.parse(names), Instant.now(), VALIDITY);
        KeyStore store = KeyStores.empty();
        store.setKeyEntry(
                "server", server.key(), new char[0], new Certificate[] {server.certificate(), ca.certificate()});
        return store;
    }

    /** The context of a client that trusts this authority only. */
    public SSLContext clientContext() throws GeneralSecurityException {
        return new TrustedCertificates("memory", List.of(certificate())).clientContext();
    }
}
