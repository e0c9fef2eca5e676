package io.konnectproxy.wire;

import java.util.List;

/** What bytes that should be a ClientHello amount to so far. */
public sealed interface HelloReading {

    /** The ClientHello is not complete; nothing is wrong with it yet. */
    enum NeedMore implements HelloReading {
        NEED_MORE
    }

    /**
     * A well-formed ClientHello (RFC 8446, section 4.1.2).
     *
     * @param length bytes of the record that it is, with its header
     * @param serverName the {@code host_name} of {@code server_name} (RFC 6066, section 3), lower case: letters, digits,
     *     hyphens, underscores and dots
     * @param alpn the first of the offered protocols (RFC 7301), printable, at most 16 of at most 512 characters
     * @param alpnCut whether more protocols were offered than are in {@code alpn}
     * @param versions the offered versions as {@code TLSv1.3}, {@code TLSv1.2}, …, at most 16; GREASE left out
     * @param ech whether {@code encrypted_client_hello} (0xfe0d) is there
     * @param resumes whether it offers a session: a {@code session_ticket} (35) that is not empty, a {@code pre_shared_key}
     *     (41), or, where TLS 1.3 is not offered, a session id. With TLS 1.3 a session id alone says nothing: clients fill it
     *     for middleboxes (RFC 8446, appendix D.4)
     */
    record ClientHello(
            int length,
            String serverName,
            List<String> alpn,
            boolean alpnCut,
            List<String> versions,
            boolean ech,
            boolean resumes)
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
            FRAGMENTED,
            SERVER_NAME_MISSING
        }
    }
}
