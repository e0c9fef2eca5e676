package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.server.config.ParentUrl;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sentences for the operator: who, what, and never a password or a word of the parent's own. */
class ParentWordsTest {
    private static final String PARENT = "The parent proxy https://proxy.corp:3129 ";

    private final ParentWords words =
            new ParentWords(new ParentUrl(true, "proxy.corp", 3129, Optional.of(new Secret("user:s3cret"))));

    static Stream<Arguments> handshakes() {
        return Stream.of(
                arguments(
                        new CertPathValidatorException("x", new CertificateExpiredException("x")),
                        "has a certificate that has expired."),
                arguments(
                        new CertPathValidatorException("x", new CertificateNotYetValidException("x")),
                        "has a certificate that is not valid yet; is the clock right?"),
                arguments(
                        new CertificateException(new CertPathBuilderException("x")),
                        "has a certificate from an authority that is not trusted here; see its key trust."),
                arguments(
                        new CertificateException(new CertPathValidatorException("x")),
                        "has a certificate, or one of an authority above it, that is not accepted here."),
                arguments(
                        new CertificateException("No name matching proxy.corp found"),
                        "has a certificate that is not for proxy.corp."),
                arguments(
                        new NotSslRecordException("not an SSL/TLS record: 485454502f"),
                        "does not speak TLS on this port; is it an http one?"),
                arguments(
                        new SSLHandshakeException("Received fatal alert: certificate_required"),
                        "broke off the TLS handshake with the alert certificate_required."),
                arguments(new SSLHandshakeException("Received fatal alert: \u001b[2J"), "broke off the TLS handshake."),
                arguments(new SSLHandshakeException("evil words"), "broke off the TLS handshake."),
                arguments(new Loop(), "broke off the TLS handshake."));
    }

    /** Its own cause. */
    private static final class Loop extends Exception {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void names_what_was_wrong_with_a_certificate(Exception cause, String said) {
        assertThat(words.noHandshake(new SSLHandshakeException("x").initCause(cause)))
                .isEqualTo(PARENT + said);
    }

    static Stream<Arguments> connections() {
        return Stream.of(
                arguments(new ConnectException("Connection refused: x"), "refused the connection."),
                arguments(new NoRouteToHostException("x"), "could not be reached."),
                arguments(
                        new BindException("x"),
                        "could not be dialled from the source-address: has this machine lost it?"));
    }

    @ParameterizedTest
    @MethodSource("connections")
    void names_why_there_is_no_connection(Exception cause, String said) {
        assertThat(words.notConnected(cause)).isEqualTo(PARENT + said);
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_is_one_sentence_whatever_was_waited_for(ParentGate.Step step) {
        assertThat(words.late(step)).startsWith(PARENT).endsWith(" in time.");
    }
}
