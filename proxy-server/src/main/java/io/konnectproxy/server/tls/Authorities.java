package io.konnectproxy.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells public authorities from private ones. What a machine trusts says nothing of that: whoever intercepts TLS puts a root of
 * their own into its trust store. So the public ones are a list of this program's. Any thread.
 */
public final class Authorities {
    private static final String LIST = "/io/konnectproxy/config/public-authorities.txt";
    private static final int HASH = 64;

    private final List<X509Certificate> trusted;
    private final Set<String> publicKeys;

    /**
     * @param trusted the roots that are trusted here
     * @param publicKeys SHA-256 of the keys of public authorities, in lower-case hexadecimal
     */
    Authorities(List<X509Certificate> trusted, Set<String> publicKeys) {
        this.trusted = List.copyOf(trusted);
        this.publicKeys = Set.copyOf(publicKeys);
    }

    /** Who vouches for a chain. */
    public sealed interface Voucher {
        /** A public authority. */
        record PublicAuthority(String name) implements Voucher {}

        /** An authority that this machine trusts, and that no browser does. */
        record PrivateAuthority(String name) implements Voucher {}

        /** Nobody who is known here. */
        enum Nobody implements Voucher {
            NOBODY
        }
    }

    /** The trust store of this JVM, and the list in the jar. */
    public static Authorities ofThisMachine() {
        return new Authorities(TrustAnchors.ofTheJvm(), list());
    }

    /** With one authority that counts as public, and the others that are trusted; for tests and demonstrations. */
    public static Authorities of(X509Certificate publicRoot, List<X509Certificate> trusted) {
        return new Authorities(
                Stream.concat(Stream.of(publicRoot), trusted.stream()).toList(), Set.of(hash(publicRoot)));
    }

    static Set<String> list() {
        try (InputStream in = Authorities.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException("resource is missing from the jar: " + LIST);
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.substring(0, HASH))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Finds the root of a chain. Its signatures are verified; its validity is judged at a time when its first certificate is
     * valid, because the clock may be what is wrong.
     *
     * @param chain as the server sent it; not empty
     */
    public Voucher voucher(List<X509Certificate> chain) {
        Set<X509Certificate> known = Stream.concat(trusted.stream(), chain.stream())
                .filter(this::isPublic)
                .collect(Collectors.toSet());
        return anchor(chain, known)
                .<Voucher>map(root -> new Voucher.PublicAuthority(ServerCertificate.subject(root)))
                .or(() -> anchor(chain, trusted)
                        .map(root -> new Voucher.PrivateAuthority(ServerCertificate.subject(root))))
                .orElse(Voucher.Nobody.NOBODY);
    }

    private boolean isPublic(X509Certificate certificate) {
        return publicKeys.contains(hash(certificate));
    }

    private static Optional<X509Certificate> anchor(List<X509Certificate> chain, Collection<X509Certificate> roots) {
        if (roots.isEmpty()) {
            return Optional.empty();
        }
        try {
            X509CertSelector first = new X509CertSelector();
            first.setCertificate(chain.get(0));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()), first);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(middle(chain.get(0))));
            return Optional.of(((PKIXCertPathBuilderResult)
                            CertPathBuilder.getInstance("PKIX").build(parameters))
                    .getTrustAnchor()
                    .getTrustedCert());
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Instant middle(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        return from.plus(
                Duration.between(from, certificate.getNotAfter().toInstant()).dividedBy(2));
    }

    static String hash(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(certificate.getPublicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
