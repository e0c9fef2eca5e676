package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the JDKs say of a failed handshake, which is not the same in all of them, and what the audit line makes of it. */
class HandshakeFailureTest {
    private static final String UNDECIPHERED =
            "In the middle of the handshake the client sent something that could not be decrypted.";
    private static final String DISTRUST = "The client does not trust the certificate of this listener.";

    @TestFactory
    Stream<DynamicTest> says_it_so_that_an_operator_understands() {
        return Stream.of(
                reads("an alert", "Received fatal alert: unknown_ca", null, DISTRUST),
                reads(
                        "an alert in clear, JDK 25",
                        "Unexpected exception",
                        "Unexpected plaintext alert received: Level: fatal; Alert: unknown_ca",
                        DISTRUST),
                reads(
                        "an alert in clear, JDK 17.0.15",
                        "Insufficient buffer remaining for AEAD cipher fragment (2). Needs to be more than tag size (16)",
                        "Insufficient buffer remaining for AEAD cipher fragment (2). Needs to be more than tag size (16)",
                        "The client broke the handshake off, most likely because it does not trust the certificate of this"
                                + " listener."),
                reads(
                        "another alert",
                        "Received fatal alert: handshake_failure",
                        null,
                        "The client broke the handshake off: handshake_failure."),
                reads(
                        "another alert in clear",
                        "Unexpected exception",
                        "Unexpected plaintext alert received: Level: fatal; Alert: decode_error",
                        "The client broke the handshake off: decode_error."),
                reads(
                        "a client's certificate from elsewhere",
                        "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
                        "NotAfter: Mon Nov 23 12:00:00 UTC 2020",
                        "The client's certificate is from no authority in client-ca, or is not valid now."),
                reads(
                        "no version in common",
                        "(protocol_version) The client supported protocol versions[TLSv1.1] are not accepted by server"
                                + " preferences [TLSv1.3, TLSv1.2]",
                        null,
                        "The client offers no version of TLS that is served here: TLS 1.2 or 1.3."),
                reads(
                        "no cipher suite in common",
                        "(handshake_failure) no cipher suites in common",
                        null,
                        "The client offers no cipher suite that is served here."),
                reads(
                        "plain HTTP in place of a record, in hexadecimal",
                        "not an SSL/TLS record: 733363726574",
                        null,
                        "In the middle of the handshake the client sent something that is no TLS."),
                reads("a cause that says nothing", "Tag mismatch", "", UNDECIPHERED),
                reads("a cause that says it", "Unexpected exception", "Tag mismatch", UNDECIPHERED),
                reads("nothing", null, null, "The handshake failed."),
                reads(
                        "something else, with what the client sent in it",
                        "(illegal_parameter) Illegal server name, value={733363726574}",
                        "s3cret",
                        "The handshake failed: illegal_parameter."),
                reads("something else in brackets", "(s3cret) in front", null, "The handshake failed."),
                reads(
                        "an alert of no known name",
                        "Received fatal alert: s3cret",
                        null,
                        "The client broke the handshake off: an alert of no known name."));
    }

    /** In TLS 1.3 a client has finished before the server can know what it thinks of the certificate. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        Received fatal alert: unknown_ca | The client does not trust the certificate of this listener.
        Received fatal alert: internal_error | The client broke off after the handshake, without a request: internal_error.
        Tag mismatch | After the handshake the client sent no request, but records that cannot be used.
        too many records without content | After the handshake the client sent no request, but records that cannot be used.
        """)
    void says_it_of_a_failure_after_the_handshake_too(String message, String expected) {
        assertThat(ClientTls.failure(new SSLException(message), false)).isEqualTo(expected);
    }

    private static DynamicTest reads(String name, @Nullable String outer, @Nullable String inner, String expected) {
        SSLException failure = new SSLHandshakeException(outer);
        if (inner != null) {
            failure.initCause(inner.isEmpty() ? new GeneralSecurityException() : new GeneralSecurityException(inner));
        }
        return DynamicTest.dynamicTest(
                name, () -> assertThat(ClientTls.failure(failure, true)).isEqualTo(expected));
    }
}
