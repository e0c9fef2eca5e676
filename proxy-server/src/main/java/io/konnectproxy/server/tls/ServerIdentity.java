package io.konnectproxy.server.tls;

import io.konnectproxy.keys.FileContent;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.TrustedCertificates;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The identity of a TLS listener: a private key and its certificate chain, both checked. Immutable; any thread. */
public final class ServerIdentity {
    /**
     * Long enough for a fleet that reconnects after a restart. It is also how long a client's certificate can be used after
     * it expired.
     */
    private static final Duration RESUMPTION = Duration.ofMinutes(10);

    private static final int SESSIONS = 10_000;

    private final CertificateChain chain;
    private final List<String> warnings;
    private final SslContext context;

    private ServerIdentity(CertificateChain chain, List<String> warnings, SslContext context) {
        this.chain = chain;
        this.warnings = warnings;
        this.context = context;
    }

    /**
     * Reads and checks an identity.
     *
     * @throws KeyFileException if clients would not accept it; one sentence
     */
    public static ServerIdentity read(ServerFiles files) throws KeyFileException {
        return of(ServerContent.read(files), InstantSource.system());
    }

    static ServerIdentity of(ServerContent content, InstantSource clock) throws KeyFileException {
        CertificateChain whole = CertificateChain.read(content.certificate());
        PrivateKey key = ServerKey.read(content.key(), password(content.keyPassword()));
        KeyPairs.requireMatch(key, content.key().file(), whole);
        ServerCertificate.require(whole);
        whole.requireOrder();
        CertificateChain chain = whole.withoutExpiredExtras(clock.instant());
        chain.requireValidAt(clock.instant());
        Optional<TrustedCertificates> clients = clientAuthorities(content.clientCa(), whole.first());
        List<String> warnings = Stream.concat(
                        ServerCertificate.warnings(whole, chain).stream(),
                        clients.map(ClientAuthorities::warnings).orElse(List.of()).stream())
                .toList();
        return new ServerIdentity(chain, warnings, context(chain, key, clients));
    }

    private static Optional<char[]> password(Optional<FileContent> file) throws KeyFileException {
        return file.isPresent()
                ? Optional.of(
                        PasswordFile.password(file.get().file(), file.get().bytes()))
                : Optional.empty();
    }

    private static Optional<TrustedCertificates> clientAuthorities(Optional<FileContent> file, X509Certificate own)
            throws KeyFileException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            TrustedCertificates trusted =
                    TrustedCertificates.of(file.get().file(), file.get().bytes());
            ClientAuthorities.require(trusted, own);
            return Optional.of(trusted);
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(file.get().file() + " " + e.getMessage() + ".");
        }
    }

    /** ALPN is not enabled: a client that offers h2 must not be answered with it. */
    private static SslContext context(CertificateChain chain, PrivateKey key, Optional<TrustedCertificates> clients)
            throws KeyFileException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(key, chain.certificates())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(null, CipherSuites::modern)
                    .sessionCacheSize(SESSIONS)
                    .sessionTimeout(RESUMPTION.toSeconds());
            if (clients.isPresent()) {
                builder.trustManager(clients.get().trustManagers()).clientAuth(ClientAuth.REQUIRE);
            }
            return new OneHandshakeContext(builder.build());
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyFileException(
                    "TLS cannot be served with the certificate in " + chain.file() + ": " + e.getMessage() + ".");
        }
    }

    /** The DNS names and IP addresses in the certificate; at least one. */
    public List<String> names() {
        return Stream.concat(
                        CertificateNames.alternatives(chain.first(), CertificateNames.DNS).stream(),
                        CertificateNames.alternatives(chain.first(), CertificateNames.IP).stream()
                                .map(ServerIdentity::canonical))
                .filter(CertificateNames::isPlain)
                .distinct()
                .toList();
    }

    private static String canonical(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null ? address : NetUtil.bytesToIpAddress(bytes);
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        return chain.notAfter();
    }

    /** The common name of the issuer, or its whole distinguished name if it has none. */
    public String issuer() {
        return ServerCertificate.issuer(chain.first());
    }

    /** Sentences about flaws that clients accept. */
    public List<String> warnings() {
        return warnings;
    }

    /** The context of a listener. */
    public SslContext serverContext() {
        return context;
    }
}
