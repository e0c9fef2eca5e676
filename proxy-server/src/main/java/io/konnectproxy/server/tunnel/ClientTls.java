package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.tls.CertificateNames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS between a client and a TLS listener, in front of our gate. Netty does it; this knows how it stands with it. */
final class ClientTls {
    static final String NOT_TLS =
            "Plain HTTP came to a TLS listener: the proxy's URL must begin with https:// at the client.";

    private static final int HANDSHAKE_RECORD = 22;
    private static final int MAX_REASON = 200;

    /** The first as alerts are told that came encrypted, or before there were keys; the second of those that came in clear. */
    private static final Pattern ALERT = Pattern.compile("(?:received fatal alert: |level: fatal; alert: )(\\w+)");

    private ClientTls() {}

    /** Whether these bytes could be the first ones of a TLS client. */
    static boolean begins(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == HANDSHAKE_RECORD;
    }

    /** @param done runs once the handshake is done, if it ever is */
    static void install(Channel channel, SslContext context, Executor handshakes, Runnable done) {
        SslHandler handler = context.newHandler(channel.alloc(), handshakes);
        // The deadline for the request head holds for this too.
        handler.setHandshakeTimeoutMillis(0);
        // Whoever reads nothing is not waited for; Netty would do so for three seconds.
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
        List<String> reasons = reasons(cause);
        String message = String.join("; ", reasons).toLowerCase(Locale.ROOT);
        if (message.contains("unknown_ca")
                || message.contains("certificate_unknown")
                || message.contains("bad_certificate")) {
            return "The client does not trust the certificate of this listener.";
        }
        // OpenSSL, which is Kong's, breaks off before its own keys are in use. Of its alert in clear JDK 17 says this.
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
        Matcher alert = ALERT.matcher(message);
        return alert.find()
                ? "The client broke the handshake off: " + alert.group(1) + "."
                : "The handshake failed"
                        + (reasons.isEmpty() ? "." : ": " + shortened(reasons.get(reasons.size() - 1)) + ".");
    }

    /** Some reasons quote what the client sent, at any length. */
    private static String shortened(String reason) {
        String printable = reason.replaceAll("[^ -~]", "?");
        return printable.length() <= MAX_REASON ? printable : printable.substring(0, MAX_REASON) + "...";
    }

    /** From the outermost, which may say "Unexpected exception" and no more, to the innermost. */
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
