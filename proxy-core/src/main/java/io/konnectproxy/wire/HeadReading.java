package io.konnectproxy.wire;

import io.konnectproxy.target.ConnectTarget;

/** What the bytes of a request head amount to so far. */
public sealed interface HeadReading {

    /** The head is not complete; nothing is wrong with it yet. */
    enum NeedMore implements HeadReading {
        NEED_MORE
    }

    /**
     * A well-formed CONNECT head was read to its end.
     *
     * @param target never {@link ConnectTarget.Malformed}: that is a {@link HeadFault}
     */
    record ConnectHead(ConnectTarget target, Credentials credentials) implements HeadReading {}

    /**
     * The head is not one that is served; reading ends here.
     *
     * @param problem a whole sentence for the client, in which nothing of the request stands
     */
    record HeadFault(Kind kind, String problem) implements HeadReading {
        /** What is wrong. */
        public enum Kind {
            MALFORMED,
            /** A well-formed request line with another method. */
            NOT_CONNECT,
            /** A well-formed request line with a major version other than 1. */
            VERSION_NOT_SUPPORTED,
            TOO_LARGE,
            /** Another protocol altogether (TLS, an HTTP/2 preface): no HTTP reply would be understood. */
            NOT_HTTP
        }
    }
}
