package io.konnectproxy.server.listener;

import io.konnectproxy.server.tls.CertificateNames;
import io.konnectproxy.server.tunnel.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * TLS between a client and a TLS listener, by Netty's handler in front of the gate: installs it, and explains its state
 * and failures.
 */
final class ClientTls {
    static final String NOT_TLS =
            "Plain HTTP came to a TLS listener: the proxy's URL must begin with https:// at the client. Where it does,"
                    + " the client speaks no TLS to proxies, as grpc-go (Kong Mesh) and Python's urllib, and needs a plain"
                    + " listener.";

    private static final String LEFT_DURING = "The client left in the middle of the handshake.";

    /**
     * nginx, and so Kong, verifies the certificate after the handshake has finished, and then closes without an alert.
     */
    private static final String LEFT_AFTER =
            "The client closed after the handshake without a request: it may not trust the"
                    + " certificate of this listener.";

    private static final String DISTRUSTED = "The client does not trust the certificate of this listener.";

    private static final int HANDSHAKE_RECORD = 22;

    /**
     * The JDK's two forms of a received alert: the first for alerts that came encrypted or before there were keys, the
     * second for those that came in plaintext.
     */
    private static final Pattern ALERT = Pattern.compile("(?:received fatal alert: |level: fatal; alert: )(\\w+)");

    private static final Pattern OWN_ALERT = Pattern.compile("\\((\\w+)\\) ");

    /** The alerts of TLS 1.3 (RFC 8446, section 6) and of TLS 1.2 (RFC 5246, section 7.2). */
    private static final Set<String> ALERTS = Set.of(
            "close_notify",
            "unexpected_message",
            "bad_record_mac",
            "record_overflow",
            "decompression_failure",
            "handshake_failure",
            "no_certificate",
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "illegal_parameter",
            "unknown_ca",
            "access_denied",
            "decode_error",
            "decrypt_error",
            "protocol_version",
            "insufficient_security",
            "internal_error",
            "inappropriate_fallback",
            "user_canceled",
            "no_renegotiation",
            "missing_extension",
            "unsupported_extension",
            "unrecognized_name",
            "bad_certificate_status_response",
            "unknown_psk_identity",
            "certificate_required",
            "no_application_protocol");

    private ClientTls() {}

    /** Whether these bytes could be the first ones of a TLS client. */
    static boolean begins(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == HANDSHAKE_RECORD;
    }

    /** Puts TLS in front of a channel's handlers; {@code done} runs once the handshake is done, if it ever is. */
    static void install(Channel channel, SslContext context, Executor handshakes, Runnable done) {
        SslHandler handler = context.newHandler(channel.alloc(), handshakes);
        // The deadline for the request head holds for this too.
        handler.setHandshakeTimeoutMillis(0);
        // How long to wait for a client that does not read; Netty's default is three seconds.
        handler.setCloseNotifyFlushTimeoutMillis(500);
        HalfClose.addTls(channel, handler);
        EmptyRecords.bound(channel, handler);
        HandshakeBound.add(channel, handler);
        handler.handshakeFuture().addListener(shaken -> {
            if (shaken.isSuccess()) {
                done.run();
            }
        });
    }

    /** Whether a TLS handshake is in progress. */
    static boolean shakesHands(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler != null && !handler.handshakeFuture().isSuccess();
    }

    /**
     * The explanation for a client that has left without a byte of a request; empty where it did not begin with TLS.
     */
    static Optional<String> leftWithoutRequest(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return Optional.empty();
        }
        if (handler.handshakeFuture().isSuccess()) {
            return Optional.of(LEFT_AFTER);
        }
        return Optional.of(
                handler.handshakeFuture().cause() instanceof SSLException failure ? failed(failure) : LEFT_DURING);
    }

    /** The names in the certificate of the client; none where it has no certificate. */
    static List<String> certificateNames(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null || !handler.engine().getNeedClientAuth()) {
            return List.of();
        }
        try {
            return CertificateNames.of(
                    (X509Certificate) handler.engine().getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("the handshake let in a client without a certificate", e);
        }
    }

    /**
     * The explanation of a TLS failure before the first byte of a request.
     *
     * @param during whether the handshake failed; in TLS 1.3 a client may also reject the certificate after it
     */
    static String failure(SSLException cause, boolean during) {
        if (during) {
            return failed(cause);
        }
        String message = String.join("; ", reasons(cause)).toLowerCase(Locale.ROOT);
        if (distrusts(message)) {
            return DISTRUSTED;
        }
        return alert(message)
                .map(alert -> "The client broke off after the handshake, without a request: " + alert + ".")
                .orElse("After the handshake the client sent no request, but records that cannot be used.");
    }

    /**
     * Why a handshake failed, for the operator. The exceptions' messages are never quoted: they contain what the client
     * sent, which may include a password where plain HTTP came instead of TLS.
     */
    private static String failed(SSLException cause) {
        String message = String.join("; ", reasons(cause)).toLowerCase(Locale.ROOT);
        if (distrusts(message)) {
            return DISTRUSTED;
        }
        // OpenSSL's command-line client, unlike Kong, sends its alert in plaintext, before its keys are in use. JDK 17
        // reports that alert with this message.
        if (message.contains("aead cipher fragment (2)")) {
            return "The client broke the handshake off, most likely because it does not trust the certificate of this"
                    + " listener.";
        }
        if (message.contains("path building failed") || message.contains("path validation failed")) {
            return "The client's certificate is from no authority in client-ca, or is not valid now.";
        }
        if (message.contains("empty client certificate") || message.contains("null cert chain")) {
            return "The client has sent no certificate.";
        }
        if (message.contains("supported protocol versions")) {
            return "The client offers no version of TLS that is served here: TLS 1.2 or 1.3.";
        }
        if (message.contains("no cipher suites in common")) {
            return "The client offers no cipher suite that is served here.";
        }
        if (message.contains("not an ssl/tls record") || message.contains("unrecognized ssl message")) {
            return "In the middle of the handshake the client sent something that is no TLS.";
        }
        if (message.contains("tag mismatch") || message.contains("bad_record_mac")) {
            return "In the middle of the handshake the client sent something that could not be decrypted.";
        }
        return alert(message)
                .map(alert -> "The client broke the handshake off: " + alert + ".")
                .orElseGet(() -> "The handshake failed" + ownAlert(message) + ".");
    }

    private static boolean distrusts(String message) {
        return message.contains("unknown_ca")
                || message.contains("certificate_unknown")
                || message.contains("bad_certificate");
    }

    /** The name of the client's alert. */
    private static Optional<String> alert(String message) {
        Matcher alert = ALERT.matcher(message);
        return alert.find()
                ? Optional.of(ALERTS.contains(alert.group(1)) ? alert.group(1) : "an alert of no known name")
                : Optional.empty();
    }

    /** The alert that the JDK would have sent to the client, which stands at the start of its message. */
    private static String ownAlert(String message) {
        Matcher own = OWN_ALERT.matcher(message);
        return own.lookingAt() && ALERTS.contains(own.group(1)) ? ": " + own.group(1) : "";
    }

    /** All messages from the outermost cause, which may only be "Unexpected exception", to the innermost. */
    private static List<String> reasons(Throwable failure) {
        List<String> reasons = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                reasons.add(cause.getMessage());
            }
        }
        return reasons;
    }
}
