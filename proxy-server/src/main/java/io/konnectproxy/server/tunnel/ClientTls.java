package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.tls.CertificateNames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS between a client and a TLS listener, in front of our gate. Netty does it; this knows how it stands with it. */
final class ClientTls {
    static final String NOT_TLS =
            "Plain HTTP came to a TLS listener: the proxy's URL must begin with https:// at the client.";

    private static final int HANDSHAKE_RECORD = 22;

    private ClientTls() {}

    /** Whether these bytes could be the first ones of a TLS client. */
    static boolean begins(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == HANDSHAKE_RECORD;
    }

    static void install(Channel channel, SslContext context, Executor handshakes) {
        SslHandler handler = context.newHandler(channel.alloc(), handshakes);
        // The deadline for the request head holds for this too.
        handler.setHandshakeTimeoutMillis(0);
        // Whoever reads nothing is not waited for; Netty would do so for three seconds.
        handler.setCloseNotifyFlushTimeoutMillis(500);
        HalfClose.addTls(channel, handler);
        EmptyRecords.bound(channel, handler);
        HandshakeBound.add(channel, handler);
    }

    /** Whether there is a handshake under way. */
    static boolean shakesHands(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler != null && !handler.handshakeFuture().isSuccess();
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

    /** Why a handshake failed, for the operator. */
    static String failure(SSLException cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("unknown_ca")
                || message.contains("certificate_unknown")
                || message.contains("bad_certificate")) {
            return "The client does not trust the certificate of this listener.";
        }
        // OpenSSL, which is Kong's, breaks off before its own keys are in use: with two bytes of alert in clear.
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
        return alert(message).orElse("The handshake failed: " + cause.getMessage() + ".");
    }

    private static Optional<String> alert(String message) {
        String received = "received fatal alert: ";
        int at = message.indexOf(received);
        return at < 0
                ? Optional.empty()
                : Optional.of("The client broke the handshake off: " + message.substring(at + received.length()) + ".");
    }
}
