package io.konnectproxy.policy;

import java.util.Locale;

/**
 * All reasons for a refusal. The token is the stable name (audit line, {@code X-Konnect-Proxy-Reason}). Status and RFC 9209
 * error type are for the client's HTTP library. The sentence states the cause, because Go clients print nothing else.
 * Constants after {@link #INTERNAL_ERROR} have no HTTP reply: the connection is closed with a TLS alert.
 */
public enum Refusal {
    MALFORMED_REQUEST(
            400, "http_request_error", "Malformed CONNECT request", "Send CONNECT host:443 in the form of RFC 9112."),
    VERSION_NOT_SUPPORTED(505, "http_request_error", "HTTP version not supported", "Send HTTP/1.1."),
    NOT_CONNECT(
            405,
            "http_request_denied",
            "Only CONNECT is served here",
            "Use this proxy for https URLs; it forwards no plain HTTP."),
    HEAD_TOO_LARGE(
            431,
            "http_request_error",
            "Request head too large",
            "Send a shorter request head, or raise limits.head-bytes."),
    HEAD_TIMEOUT(
            408,
            "http_request_error",
            "Request head not received in time",
            "Send the whole request head within timeouts.head."),
    IP_LITERAL(
            403, "http_request_denied", "IP addresses are not permitted", "Name a Konnect host instead of an address."),
    PORT_NOT_ALLOWED(403, "http_request_denied", "Only port 443 is permitted", "Konnect is reached on port 443 only."),
    HOST_NOT_KONNECT(
            403,
            "http_request_denied",
            "Host is not a Konnect host",
            "Only Konnect hosts and entries of extra-hosts are permitted."),
    REGION_NOT_ENABLED(403, "http_request_denied", "Konnect region is not enabled", "Add the region to regions."),
    PURPOSE_NOT_ENABLED(403, "http_request_denied", "Konnect purpose is not enabled", "Add the purpose to purposes."),
    CONTROL_PLANE_NOT_PINNED(
            403,
            "http_request_denied",
            "Control plane is not pinned",
            "Add the control plane's prefix to control-planes."),
    PORTAL_NOT_PINNED(403, "http_request_denied", "Portal is not pinned", "Add the portal's prefix to portals."),
    TENANT_NOT_PINNED(403, "http_request_denied", "Tenant is not pinned", "Add the tenant's prefix to tenants."),
    CLIENT_NOT_LISTED(
            403,
            "http_request_denied",
            "Client has no rules here",
            "Add an entry for this client to clients, or set clients-only to false."),
    SOURCE_NOT_ALLOWED(
            403,
            "http_request_denied",
            "Client address is not permitted here",
            "Add the client's address to sources of this listener."),
    CREDENTIALS_REQUIRED(
            407,
            "http_request_denied",
            "Credentials required",
            "Send the user and password that the operator of this proxy gave you."),
    CREDENTIALS_INVALID(
            407,
            "http_request_denied",
            "Credentials are wrong",
            "Check user and password; in a proxy URL, special characters must be percent-encoded."),
    CREDENTIALS_UNVERIFIED(
            503,
            "proxy_internal_response",
            "Credentials could not be verified in time",
            "Try again; others send more credentials than can be verified."),
    CLIENT_TUNNEL_LIMIT(
            429,
            "http_request_denied",
            "Too many connections from this client",
            "Close connections, or raise limits.tunnels-per-client."),
    TUNNEL_LIMIT(503, "proxy_internal_response", "Too many connections", "Try again later, or raise limits.tunnels."),
    MEMORY_LIMIT(
            503,
            "proxy_internal_response",
            "Too much is held for others",
            "Try again later, or raise limits.memory, and give the process more memory."),
    DRAINING(503, "proxy_internal_response", "The proxy is shutting down", "Try again; another instance will answer."),
    CONFIGURATION_CHANGED(
            503,
            "proxy_internal_response",
            "The configuration has just changed",
            "Try again; the new configuration of this listener then decides."),
    AUDIT_UNAVAILABLE(
            503,
            "proxy_internal_error",
            "The audit trail cannot be written",
            "Make audit.file writable; nothing is permitted unrecorded."),
    DNS_NOT_FOUND(
            502,
            "dns_error",
            "Host name does not exist in DNS",
            "Check the name, and the resolvers under dns.servers."),
    DNS_FAILED(502, "dns_error", "Host name could not be resolved", "Check the resolvers under dns.servers."),
    DNS_TIMEOUT(504, "dns_timeout", "DNS did not answer in time", "Check the resolvers under dns.servers."),
    ADDRESS_FORBIDDEN(
            502,
            "destination_ip_prohibited",
            "Host resolves to a forbidden address",
            "Public addresses are dialled; add private ones to permit-addresses."),
    CONNECT_REFUSED(
            502,
            "connection_refused",
            "Konnect refused the connection",
            "Check the firewall between this proxy and Konnect."),
    CONNECT_FAILED(
            502,
            "destination_unavailable",
            "Konnect could not be reached",
            "Check the route between this proxy and Konnect."),
    CONNECT_TIMEOUT(
            504,
            "connection_timeout",
            "Konnect did not answer in time",
            "Check the firewall between this proxy and Konnect."),
    PARENT_REFUSED(
            502,
            "http_response_incomplete",
            "The parent proxy refused the tunnel",
            "Ask the operator of the parent proxy; the audit line has its answer."),
    PROXY_LOOP(
            502,
            "proxy_loop_detected",
            "The request has come back to this proxy",
            "Check parents: one of them leads back here, or from one proxy of this kind to the next without end."),
    INTERNAL_ERROR(500, "proxy_internal_error", "Internal error", "Report it, with the request id."),

    TLS_HANDSHAKE_FAILED(
            0,
            "tls_protocol_error",
            "The TLS handshake with the proxy failed",
            "Trust the certificate of this listener, and speak TLS 1.2 or 1.3 to it."),
    HELLO_NOT_TLS(
            0,
            "tls_protocol_error",
            "The tunnel did not begin with TLS",
            "Speak TLS to the Konnect host inside the tunnel."),
    HELLO_MALFORMED(
            0, "tls_protocol_error", "The ClientHello is malformed", "Send a ClientHello in the form of RFC 8446."),
    HELLO_TOO_LARGE(0, "tls_protocol_error", "The ClientHello is too large", "Send a ClientHello of at most 16 KiB."),
    HELLO_FRAGMENTED(
            0,
            "tls_protocol_error",
            "The ClientHello is spread over more than one record",
            "Send the ClientHello in one TLS record."),
    HELLO_TIMEOUT(
            0,
            "connection_read_timeout",
            "No ClientHello in time",
            "Send the ClientHello within timeouts.client-hello."),
    SNI_MISSING(0, "tls_protocol_error", "The ClientHello names no server", "Send the CONNECT host as server name."),
    SNI_MISMATCH(
            0, "tls_protocol_error", "The ClientHello names another server", "Send the CONNECT host as server name."),
    HELLO_RESUMES(
            0,
            "tls_protocol_error",
            "The ClientHello offers to resume a session",
            "Begin a new session, or set resumption to permit."),
    HELLO_CHANGED(
            0,
            "tls_protocol_error",
            "The second ClientHello names another server",
            "Repeat the server name after a HelloRetryRequest, as RFC 8446, section 4.1.2, demands.");

    private final String token = name().toLowerCase(Locale.ROOT);
    private final int status;
    private final String proxyStatusError;
    private final String sentence;
    private final String remedy;

    Refusal(int status, String proxyStatusError, String sentence, String remedy) {
        this.status = status;
        this.proxyStatusError = proxyStatusError;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    /** The stable name, {@code host_not_konnect}. */
    public String token() {
        return token;
    }

    /**
     * The HTTP status of the reply.
     *
     * @throws IllegalStateException if there is no HTTP reply
     */
    public int status() {
        if (status == 0) {
            throw new IllegalStateException(token() + " has no HTTP reply");
        }
        return status;
    }

    /** The error type of {@code Proxy-Status} (RFC 9209, section 2.3). */
    public String proxyStatusError() {
        return proxyStatusError;
    }

    /** The cause, short enough for a reason phrase. It is ASCII and contains nothing of the request. */
    public String sentence() {
        return sentence;
    }

    /** What would permit the request, if nothing more specific is known; a whole sentence. */
    public String remedy() {
        return remedy;
    }
}
