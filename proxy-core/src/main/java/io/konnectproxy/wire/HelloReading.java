package io.konnectproxy.wire;

import java.util.List;

/** What the first bytes of a tunnel amount to so far. */
public sealed interface HelloReading {

    /** The ClientHello is not complete; nothing is wrong with it yet. */
    enum NeedMore implements HelloReading {
        NEED_MORE
    }

    /**
     * A well-formed ClientHello (RFC 8446, section 4.1.2).
     *
     * @param serverName the {@code host_name} of {@code server_name} (RFC 6066, section 3), lower case: letters, digits,
     *     hyphens, underscores and dots
     * @param alpn the offered protocols (RFC 7301), printable
     * @param versions the offered versions as {@code TLSv1.3}, {@code TLSv1.2}, …; GREASE left out
     * @param ech whether {@code encrypted_client_hello} (0xfe0d) is there
     */
    record ClientHello(String serverName, List<String> alpn, List<String> versions, boolean ech)
            implements HelloReading {
        public ClientHello {
            alpn = List.copyOf(alpn);
            versions = List.copyOf(versions);
        }
    }

    /** The bytes are no ClientHello that may pass; reading ends here. {@code problem} is a whole sentence. */
    record HelloFault(Kind kind, String problem) implements HelloReading {
        /** What is wrong. */
        public enum Kind {
            NOT_TLS,
            MALFORMED,
            TOO_LARGE,
            SERVER_NAME_MISSING
        }
    }
}
