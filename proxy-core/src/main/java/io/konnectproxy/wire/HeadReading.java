package io.konnectproxy.wire;

import io.konnectproxy.target.ConnectTarget;

/** The result of parsing the bytes of a request head so far. */
public sealed interface HeadReading {

    /** The head is not complete, and no fault was found yet. */
    enum NeedMore implements HeadReading {
        NEED_MORE
    }

    /**
     * A complete and well-formed CONNECT head.
     *
     * @param target never {@link ConnectTarget.Malformed}, which is a {@link HeadFault}
     * @param chain which proxies of this kind the request says it came through
     */
    record ConnectHead(ConnectTarget target, Credentials credentials, ProxyChain chain) implements HeadReading {}

    /**
     * The head is refused, and no more of it is read.
     *
     * @param problem a whole sentence for the client that contains nothing of the request
     */
    record HeadFault(Kind kind, String problem) implements HeadReading {
        /** The kind of fault, which determines the reply. */
        public enum Kind {
            MALFORMED,
            /** A well-formed request line with another method. */
            NOT_CONNECT,
            /** A well-formed request line with a major version other than 1. */
            VERSION_NOT_SUPPORTED,
            TOO_LARGE,
            /** Another protocol, such as TLS or an HTTP/2 preface. The client would not understand an HTTP reply. */
            NOT_HTTP
        }
    }
}
