package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DERUniversalString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that a client's certificate is matched by, and those that are left out. */
class CertificateNamesTest {
    private static KeyPair keys;

    @BeforeAll
    static void make() throws Exception {
        keys = Made.keys("EC");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "none", quoteCharacter = '"', textBlock = """
        a common name                   | CN=payments,O=Corp | none | payments
        a common name that is a sentence | CN=Payments team | none | Payments team
        a common name in another script | CN=платежи | none | платежи
        no name at all                  | O=Corp | none | none
        two common names                | CN=payments,CN=admin | dns:a.corp | a.corp
        two in one part                 | CN=payments+CN=admin | none | none
        a common name beside another    | CN=payments+OU=eu | none | payments
        names in their order            | CN=payments | email:dp@corp;uri:spiffe://corp/dp;dns:dp.corp | payments;dp.corp;spiffe://corp/dp;dp@corp
        a name twice                    | CN=dp.corp | dns:dp.corp;dns:dp2.corp;dns:dp2.corp | dp.corp;dp2.corp
        an address is no name           | CN=payments | ip:10.0.0.1 | payments
        NUL in a common name            | CN=admin\\00.evil | none | none
        NUL in a DNS name               | CN=payments | dns:admin\\00.evil | payments
        a line break                    | CN=payments\\0Aadmin | dns:a\\0Ab | none
        an escape of a terminal         | CN=\\1B[2J | uri:\\1B[2J | none
        spaces around                   | CN=\\20payments\\20 | none | none
        several spaces                  | CN=pay\\ \\ ments | none | none
        a space of another kind         | CN=pay\\C2\\A0ments | none | none
        text that runs backwards        | CN=\\E2\\80\\AEstnemyap | none | none
        a line separator                | CN=pay\\E2\\80\\A8ments | none | none
        what cannot be seen             | CN=pay\\E2\\80\\8Bments | none | none
        """)
    void are(String what, String subject, String alternatives, String names) throws Exception {
        Made made = Made.self(subject.strip(), keys);
        if (alternatives != null) {
            for (String each : alternatives.split(";", -1)) {
                made.named(named(each));
            }
        }
        assertThat(CertificateNames.of(made.certificate()))
                .containsExactlyElementsOf(names == null ? List.of() : Arrays.asList(names.split(";", -1)));
    }

    private static GeneralName named(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1)
                .replace("\\00", "\0")
                .replace("\\0A", "\n")
                .replace("\\1B", "\u001b");
        int kind = switch (text.substring(0, colon)) {
            case "dns" -> GeneralName.dNSName;
            case "uri" -> GeneralName.uniformResourceIdentifier;
            case "email" -> GeneralName.rfc822Name;
            default -> GeneralName.iPAddress;
        };
        return new GeneralName(kind, name);
    }

    @Test
    void a_huge_name_is_left_out_and_the_longest_is_not() throws Exception {
        assertThat(names(Made.self(commonName(new DERUTF8String("a".repeat(256))), keys)
                        .dns("b".repeat(255))
                        .dns("c".repeat(60_000))))
                .containsExactly("b".repeat(255));
    }

    @Test
    void of_very_many_names_a_hundred_count() throws Exception {
        Made made = Made.self("CN=0", keys);
        IntStream.range(1, 2_000).forEach(i -> made.dns("n" + i));

        assertThat(names(made)).hasSize(100).startsWith("0", "n1").endsWith("n99");
    }

    @Test
    void a_common_name_that_is_no_text_is_none() throws Exception {
        assertThat(names(Made.self(commonName(new DERBitString(new byte[] {1, 2})), keys)))
                .isEmpty();
        assertThat(names(Made.self(commonName(new DERUniversalString(new byte[] {0, 0, 0, 'a'})), keys)))
                .isEmpty();
    }

    @Test
    void alternative_names_that_cannot_be_read_are_none() throws Exception {
        assertThat(names(Made.self("CN=payments", keys)
                        .with(Extension.subjectAlternativeName, false, new DEROctetString(new byte[] {1, 2, 3}))))
                .containsExactly("payments");
    }

    private static List<String> names(Made made) throws Exception {
        return CertificateNames.of(made.certificate());
    }

    private static X500Name commonName(ASN1Encodable value) {
        return new X500Name(new RDN[] {new RDN(new AttributeTypeAndValue(BCStyle.CN, value))});
    }
}
