package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in the trail as the reason is ours, whatever the JDK or the peer says. */
class TroublesTest {
    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), "connection refused"),
                Arguments.of(new SocketTimeoutException("connect timed out"), "it did not answer in time"),
                Arguments.of(new IOException(new TimeoutException()), "it did not answer in time"),
                Arguments.of(new UnknownHostException("nowhere"), "its name was not found"),
                Arguments.of(new NoRouteToHostException(), "there is no route to it"),
                Arguments.of(new IOException("Connection reset by peer"), "the connection was lost"),
                Arguments.of(new ClosedChannelException(), "the connection was lost"),
                Arguments.of(new SSLException("220 welcome"), "there is no TLS with it"),
                Arguments.of(
                        tls(new CertificateException("No subject alternative DNS name matching a found.")),
                        "its certificate is for another name"),
                Arguments.of(
                        tls(new CertificateException(new CertPathValidatorException("no trust anchor"))),
                        "its certificate is from nobody who is trusted"),
                Arguments.of(
                        tls(new CertPathValidatorException("validity", new CertificateExpiredException())),
                        "its certificate is not valid at this time"));
    }

    private static IOException tls(Throwable cause) {
        IOException thrown = new SSLHandshakeException("handshake");
        thrown.initCause(cause);
        return new IOException(thrown);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void is_said_in_our_words(Throwable thrown, String reason) {
        assertThat(Troubles.of(thrown)).isEqualTo(reason);
    }
}
