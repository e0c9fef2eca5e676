package io.konnectproxy.wire;

/** The result of parsing the first bytes of an upstream so far. */
public enum ServerHelloReading {
    /** The message cannot be identified yet. */
    NEED_MORE,
    /** The client must send a second ClientHello (RFC 8446, section 4.1.4). */
    HELLO_RETRY_REQUEST,
    /** Anything else: another ServerHello, a fatal alert, or not TLS. There is no second ClientHello. */
    OTHER
}
