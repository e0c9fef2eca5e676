package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** All replies and alerts that the proxy itself sends to a client. None of them contains anything of the request. */
public final class Reply {
    /** The wait for a client that met a limit or a shutdown: as long as a Kong data plane waits by itself. */
    private static final int RETRY_AFTER_SECONDS = 10;

    /** The descriptions of fatal alerts (RFC 8446, section 6). */
    private enum Alert {
        UNEXPECTED_MESSAGE(10),
        HANDSHAKE_FAILURE(40),
        ILLEGAL_PARAMETER(47),
        ACCESS_DENIED(49),
        DECODE_ERROR(50),
        MISSING_EXTENSION(109),
        UNRECOGNIZED_NAME(112);

        private final int code;

        Alert(int code) {
            this.code = code;
        }
    }

    private Reply() {}

    /**
     * The reply that opens a tunnel. It has no further headers or body, because Kong takes any further byte as the
     * tunnel's.
     */
    public static ByteBuf established() {
        return ascii("HTTP/1.1 200 Connection established\r\n\r\n");
    }

    /**
     * How a refusal is recorded in the audit trail: a refusal that is only counted in a sum cannot be found there by
     * its id.
     */
    public enum Recorded {
        LINE(""),
        SUM("Refusals are too many for a line each: the audit trail has this one in a sum, without its id.\n");

        private final String note;

        Recorded(String note) {
            this.note = note;
        }
    }

    /** A refusal (RFC 9110, section 15; RFC 9209 for {@code Proxy-Status}). */
    public static ByteBuf refused(Refused refused, String id, Recorded recorded) {
        Refusal refusal = refused.refusal();
        String body = refusal.sentence() + ".\n" + refused.remedy() + "\nRequest id: " + id + "\n" + recorded.note;
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(refusal.status())
                .append(' ')
                .append(refusal.sentence())
                .append("\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ")
                .append(body.length())
                .append("\r\nProxy-Status: konnect-proxy; error=")
                .append(refusal.proxyStatusError())
                .append("; details=\"")
                .append(refusal.token())
                .append("\"\r\nX-Konnect-Proxy-Reason: ")
                .append(refusal.token())
                .append("\r\nX-Konnect-Proxy-Request-Id: ")
                .append(id)
                .append("\r\n");
        if (refusal.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            head.append("Allow: CONNECT\r\n");
        }
        if (refusal.status() == HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED.code()) {
            head.append("Proxy-Authenticate: Basic realm=\"konnect-proxy\", charset=\"UTF-8\"\r\n");
        }
        if (refusal.status() == HttpResponseStatus.TOO_MANY_REQUESTS.code()
                || refusal.status() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            head.append("Retry-After: ").append(RETRY_AFTER_SECONDS).append("\r\n");
        }
        return ascii(head.append("\r\n").append(body).toString());
    }

    /**
     * The TLS alert (RFC 8446, section 6.2) that ends a tunnel whose ClientHello may not pass, or refuses a client of a
     * TLS listener.
     */
    public static ByteBuf alert(Refusal refusal) {
        Alert alert = switch (refusal) {
            case SOURCE_NOT_ALLOWED, HELLO_RESUMES -> Alert.ACCESS_DENIED;
            case HELLO_CHANGED -> Alert.ILLEGAL_PARAMETER;
            case SNI_MISMATCH -> Alert.UNRECOGNIZED_NAME;
            case SNI_MISSING -> Alert.MISSING_EXTENSION;
            case HELLO_NOT_TLS -> Alert.UNEXPECTED_MESSAGE;
            case HELLO_MALFORMED, HELLO_TOO_LARGE -> Alert.DECODE_ERROR;
            default -> Alert.HANDSHAKE_FAILURE;
        };
        return Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert.code});
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }
}
