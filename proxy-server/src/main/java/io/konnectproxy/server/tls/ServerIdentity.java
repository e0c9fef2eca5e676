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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * What a TLS listener shows its clients: a private key and the certificates that go with it, read and found good. Immutable;
 * any thread.
 */
public final class ServerIdentity {
    /** Long enough for a fleet that comes back after a restart; a client's expired certificate is good for no longer than that. */
    private static final Duration RESUMPTION = Duration.ofMinutes(10);

    private static final int SESSIONS = 10_000;

    private final CertificateChain chain;
    private final SslContext context;

    private ServerIdentity(CertificateChain chain, SslContext context) {
        this.chain = chain;
        this.context = context;
    }

    /**
     * Reads and checks it.
     *
     * @throws KeyFileException when clients could not use it; one sentence
     */
    public static ServerIdentity read(ServerFiles files) throws KeyFileException {
        return of(ServerContent.read(files), InstantSource.system());
    }

    static ServerIdentity of(ServerContent content, InstantSource clock) throws KeyFileException {
        CertificateChain chain = CertificateChain.read(content.certificate());
        PrivateKey key = ServerKey.read(content.key(), password(content.keyPassword()));
        KeyPairs.requireFit(key, content.key().file(), chain);
        ServerCertificate.require(chain);
        chain.requireOrder();
        chain.requireValidAt(clock.instant());
        return new ServerIdentity(chain, context(chain, key, clientAuthorities(content.clientCa())));
    }

    private static Optional<char[]> password(Optional<FileContent> file) throws KeyFileException {
        return file.isPresent()
                ? Optional.of(
                        PasswordFile.password(file.get().file(), file.get().bytes()))
                : Optional.empty();
    }

    private static Optional<TrustedCertificates> clientAuthorities(Optional<FileContent> file) throws KeyFileException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    TrustedCertificates.of(file.get().file(), file.get().bytes()));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(file.get().file() + " " + e.getMessage() + ".");
        }
    }

    /** No protocol is ever negotiated (ALPN): a client that offers h2 and were given it would speak HTTP/2. */
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

    /** DNS names and addresses that it is for; at least one. */
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

    /** When the first certificate of its chain expires. */
    public Instant notAfter() {
        return chain.notAfter();
    }

    /** Who issued it: the name of the authority, or the whole distinguished name of one without. */
    public String issuer() {
        return ServerCertificate.issuer(chain.first());
    }

    /** What is not as it should be, though clients accept it: sentences. */
    public List<String> warnings() {
        return ServerCertificate.warnings(chain);
    }

    /** What a listener serves its clients with. */
    public SslContext serverContext() {
        return context;
    }
}
