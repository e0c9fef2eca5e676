package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyStores;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A chain that whoever answers in Konnect's place has made: all of its certificates have one key, and names of any form. */
public final class HostileChain {
    private final KeyPair keys = KeyPairs.generate();
    private final X500Name issuer;
    private final List<X509Certificate> certificates = new ArrayList<>();
    private int serial;

    /** @param issuer the common name of the issuer */
    private HostileChain(ASN1Encodable issuer, List<String> dnsNames) throws Exception {
        this.issuer = new X500NameBuilder().addRDN(BCStyle.CN, issuer).build();
        certificates.add(certificate(
                this.issuer, new X500NameBuilder().addRDN(BCStyle.CN, "server").build(), dnsNames));
    }

    public static HostileChain of(String issuer, String... dnsNames) throws Exception {
        return new HostileChain(new DERUTF8String(issuer), List.of(dnsNames));
    }

    /** The name of the issuer is no text, but sequences in sequences. */
    public static HostileChain nested(int depth, String... dnsNames) throws Exception {
        ASN1Encodable name = new DERSequence();
        for (int i = 0; i < depth; i++) {
            name = new DERSequence(name);
        }
        return new HostileChain(name, List.of(dnsNames));
    }

    /** Adds certificates of two authorities, each of which signs all of the other. */
    public HostileChain withLoops(int count) throws Exception {
        X500Name other = new X500NameBuilder().addRDN(BCStyle.CN, "other").build();
        for (int i = 0; i < count; i++) {
            certificates.add(
                    i % 2 == 0 ? certificate(other, issuer, List.of()) : certificate(issuer, other, List.of()));
        }
        return this;
    }

    private X509Certificate certificate(X500Name issuer, X500Name subject, List<String> dnsNames) throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(++serial),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(1))),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(dnsNames.isEmpty()));
        if (!dnsNames.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(dnsNames.stream()
                            .map(name -> new GeneralName(GeneralName.dNSName, new DERIA5String(name)))
                            .toArray(GeneralName[]::new)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    public List<X509Certificate> certificates() {
        return certificates;
    }

    /** The context of a server that sends it. */
    public SSLContext serverContext() throws Exception {
        KeyStore store = KeyStores.empty();
        store.setKeyEntry("server", keys.getPrivate(), new char[0], certificates.toArray(new Certificate[0]));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }
}
