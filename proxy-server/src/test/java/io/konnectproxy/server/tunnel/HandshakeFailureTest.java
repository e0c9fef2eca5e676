package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the JDKs say of a failed handshake, which is not the same in all of them, and what the audit line makes of it. */
class HandshakeFailureTest {
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
                reads("a cause that says nothing", "Tag mismatch", "", "The handshake failed: Tag mismatch."),
                reads(
                        "one that quotes the client",
                        "Illegal server name, \u001b[2J\u00e9" + "x".repeat(9_000),
                        null,
                        "The handshake failed: Illegal server name, ?[2J?" + "x".repeat(174) + "...."),
                reads("nothing", null, null, "The handshake failed."),
                reads("something else", "Unexpected exception", "Tag mismatch", "The handshake failed: Tag mismatch."));
    }

    private static DynamicTest reads(String name, @Nullable String outer, @Nullable String inner, String expected) {
        SSLException failure = new SSLHandshakeException(outer);
        if (inner != null) {
            failure.initCause(inner.isEmpty() ? new GeneralSecurityException() : new GeneralSecurityException(inner));
        }
        return DynamicTest.dynamicTest(
                name, () -> assertThat(ClientTls.failure(failure)).isEqualTo(expected));
    }
}
