package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** Checks that clients accept a certificate as that of a server. */
final class ServerCertificate {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    private static final int MAX_NAME = 200;

    private ServerCertificate() {}

    static void require(CertificateChain chain) throws KeyFileException {
        X509Certificate certificate = chain.first();
        String subject = "The certificate in " + chain.file();
        if (CertificateNames.alternatives(certificate, CertificateNames.DNS).isEmpty()
                && CertificateNames.alternatives(certificate, CertificateNames.IP)
                        .isEmpty()) {
            throw new KeyFileException(subject
                    + " is for no DNS name and no address (subjectAltName); clients do not look at its common name.");
        }
        List<String> purposes = purposes(certificate, subject);
        if (!purposes.isEmpty() && !purposes.contains(SERVER_AUTH) && !purposes.contains(ANY_EXTENDED_KEY_USAGE)) {
            throw new KeyFileException(subject + " is not for servers (extendedKeyUsage without serverAuth).");
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[0]) {
            throw new KeyFileException(subject + " is not for signatures (keyUsage without digitalSignature).");
        }
    }

    private static List<String> purposes(X509Certificate certificate, String subject) throws KeyFileException {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null ? List.of() : purposes;
        } catch (CertificateParsingException e) {
            throw new KeyFileException(subject + " is damaged (extendedKeyUsage).");
        }
    }

    /**
     * A certificate that may sign others is accepted, since {@code openssl req -x509} makes such certificates and clients
     * accept them. With its key, however, any server can be impersonated to clients that trust it.
     */
    static List<String> warnings(CertificateChain whole, CertificateChain chain) {
        List<String> warnings = new ArrayList<>();
        int served = chain.certificates().size();
        if (served < whole.certificates().size()) {
            warnings.add("Certificate " + (served + 1) + " in " + chain.file() + " expired at "
                    + whole.certificates().get(served).getNotAfter().toInstant()
                    + ", and is not sent to clients, which do not need it; take it out of the file.");
        }
        X509Certificate last = chain.last();
        if (!CertificateChain.isSignedBy(last, last) && !TrustAnchors.haveIssuerOf(last, chain.file())) {
            warnings.add("The chain in " + chain.file() + " ends with a certificate issued by '" + issuer(last)
                    + "', whose own is not in it: if that is an intermediate authority, clients cannot verify the chain;"
                    + " put its certificate at the end of the file.");
        }
        if (chain.first().getBasicConstraints() >= 0) {
            warnings.add("The certificate in " + chain.file()
                    + " is that of an authority: whoever has its key can pretend to be any server to those who trust it;"
                    + " have it issue another one for the listener.");
        }
        return warnings;
    }

    /** The common name of the issuer, or its whole distinguished name if it has none. */
    static String issuer(X509Certificate certificate) {
        return name(certificate.getIssuerX500Principal());
    }

    /** The common name of the subject, or its whole distinguished name if it has none. */
    static String subject(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal());
    }

    private static String text(X500Principal principal) {
        try {
            X500Name name = X500Name.getInstance(principal.getEncoded());
            RDN[] common = name.getRDNs(BCStyle.CN);
            return common.length == 1 && common[0].getFirst().getValue() instanceof ASN1String value
                    ? value.getString()
                    : name.toString();
        } catch (RuntimeException e) {
            // The JDK has read more of it than Bouncy Castle would.
            return principal.getName();
        }
    }

    private static String name(X500Principal principal) {
        String plain = text(principal).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME) + "...";
    }
}
