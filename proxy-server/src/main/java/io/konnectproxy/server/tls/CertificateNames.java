package io.konnectproxy.server.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BMPString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * The names in a verified certificate. Its owner may have chosen them, and they are used in rules, log and audit trail:
 * names that could be read in two ways are left out. Any thread.
 */
public final class CertificateNames {
    /** As long as a DNS name or an email address may be; identities that are URIs are shorter by their own rules. */
    private static final int MAX_LENGTH = 255;

    private static final int MAX_NAMES = 100;

    /** Kinds of names (RFC 5280, section 4.2.1.6). */
    static final int EMAIL = 1;

    static final int DNS = 2;
    static final int URI = 6;
    static final int IP = 7;

    private CertificateNames() {}

    /**
     * The common name, if there is exactly one, then the DNS names, URIs and email addresses among the alternative names,
     * in that order and none twice. Left out are names that are empty, longer than 255 characters, or that have other
     * characters than letters, digits, signs and single inner spaces, and all names after the hundredth.
     */
    public static List<String> of(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>(commonName(certificate));
        for (int kind : new int[] {DNS, URI, EMAIL}) {
            names.addAll(alternatives(certificate, kind));
        }
        return names.stream().filter(CertificateNames::isPlain).limit(MAX_NAMES).toList();
    }

    /** The alternative names of one kind, unfiltered. */
    static List<String> alternatives(X509Certificate certificate, int kind) {
        Collection<List<?>> all;
        try {
            all = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException | RuntimeException e) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        if (all != null) {
            for (List<?> each : all) {
                if (each.size() >= 2
                        && Integer.valueOf(kind).equals(each.get(0))
                        && each.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** None if there are several: some programs take the first and some the last. */
    private static List<String> commonName(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        try {
            for (RDN part : X500Name.getInstance(
                            certificate.getSubjectX500Principal().getEncoded())
                    .getRDNs()) {
                for (AttributeTypeAndValue each : part.getTypesAndValues()) {
                    if (BCStyle.CN.equals(each.getType())) {
                        found.add(text(each.getValue()));
                    }
                }
            }
        } catch (RuntimeException e) {
            return List.of();
        }
        return found.size() == 1 ? found : List.of();
    }

    /**
     * The text of the string types that all programs decode alike; empty for others, for which Bouncy Castle returns hex
     * digits.
     */
    private static String text(ASN1Encodable value) {
        boolean known = value instanceof ASN1UTF8String
                || value instanceof ASN1PrintableString
                || value instanceof ASN1IA5String
                || value instanceof ASN1BMPString;
        return known ? ((ASN1String) value).getString() : "";
    }

    /** Whether a name is unambiguous in text and safe to log. */
    static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && name.codePoints().allMatch(CertificateNames::isPlain)
                && name.equals(name.strip())
                && !name.contains("  ");
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
