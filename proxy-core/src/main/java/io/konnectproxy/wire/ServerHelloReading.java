package io.konnectproxy.wire;

/** What the first bytes of an upstream amount to so far. */
public enum ServerHelloReading {
    /** It cannot be said yet. */
    NEED_MORE,
    /** The client is to send a second ClientHello (RFC 8446, section 4.1.4). */
    HELLO_RETRY_REQUEST,
    /** Anything else: a ServerHello, the end of the handshake, no TLS. There is no second ClientHello. */
    OTHER
}
