package io.konnectproxy.keys;

import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
 * The authorities that a peer's certificate may come from, instead of those that the JVM trusts.
 *
 * @param file the path that they were read from
 * @param certificates at least one
 */
public record TrustedCertificates(String file, List<X509Certificate> certificates) {
    /** The largest size, which is enough for hundreds of authorities. */
    public static final int MAX_BYTES = 4 << 20;

    public TrustedCertificates {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads a file in PEM, or in DER.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with the name of the file
     */
    public static TrustedCertificates read(String file) {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("is no file; certificates in PEM are needed");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return of(file, in.readNBytes(MAX_BYTES));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read; check its permissions", e);
        }
    }

    /** Like {@link #read}, from the content of such a file. */
    public static TrustedCertificates of(String file, byte[] bytes) {
        List<X509Certificate> certificates = new ArrayList<>();
        String text = text(bytes);
        try {
            byte[] plain = isDer(bytes) ? bytes : text.getBytes(StandardCharsets.ISO_8859_1);
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(plain))) {
                certificates.add((X509Certificate) each);
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(why(text), e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("has no certificate in it");
        }
        return new TrustedCertificates(file, certificates);
    }

    /** Whether it begins as a certificate in DER, which the JDK reads too: a SEQUENCE with a length of two bytes. */
    private static boolean isDer(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == 0x30 && (bytes[1] & 0xff) == 0x82;
    }

    private static String text(byte[] bytes) {
        try {
            return TextDecoding.ofBlocks(bytes);
        } catch (NotTextException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String why(String text) {
        if (!text.contains(PemDamage.BEGIN)) {
            return "has something else than certificates in PEM in it";
        }
        if (ExplicitCurve.isInCertificates(text)) {
            return "has a certificate " + ExplicitCurve.OF_A_CERTIFICATE;
        }
        PemDamage damage = PemDamage.of(text);
        return damage.line() == 0
                ? "has something else than certificates in PEM in it"
                : "is no PEM in line " + damage.line() + ": " + damage.what();
    }

    /** The TLS context of a client that trusts only these. */
    public SSLContext clientContext() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers().getTrustManagers(), null);
        return context;
    }

    /** Trust managers that trust only these. */
    public TrustManagerFactory trustManagers() throws GeneralSecurityException {
        KeyStore store = KeyStores.empty();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }
}
