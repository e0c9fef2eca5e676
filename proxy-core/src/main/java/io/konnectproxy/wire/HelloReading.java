package io.konnectproxy.wire;

import java.util.List;

/** The result of parsing the bytes of a ClientHello so far. */
public sealed interface HelloReading {

    /** The ClientHello is not complete, and no fault was found yet. */
    enum NeedMore implements HelloReading {
        NEED_MORE
    }

    /**
     * A well-formed ClientHello (RFC 8446, section 4.1.2).
     *
     * @param length the length of its record, header included
     * @param serverName the {@code host_name} of {@code server_name} (RFC 6066, section 3), lower case: letters, digits,
     *     hyphens, underscores and dots
     * @param alpn the first offered protocols (RFC 7301), printable, at most 16 of at most 512 characters each
     * @param alpnCut whether more protocols were offered than are in {@code alpn}
     * @param versions the offered versions as {@code TLSv1.3}, {@code TLSv1.2}, …, at most 16; GREASE left out
     * @param ech whether {@code encrypted_client_hello} (0xfe0d) is present
     * @param resumes whether it offers to resume a session: with a {@code session_ticket} (35) that is not empty, with a
     *     {@code pre_shared_key} (41), or with a session id if TLS 1.3 is not offered. With TLS 1.3 a session id does not
     *     count, because clients send one for compatibility with middleboxes (RFC 8446, appendix D.4)
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

    /** The bytes are not an acceptable ClientHello, and no more are read. {@code problem} is a whole sentence. */
    record HelloFault(Kind kind, String problem) implements HelloReading {
        /** The kind of fault, which determines the refusal. */
        public enum Kind {
            NOT_TLS,
            MALFORMED,
            TOO_LARGE,
            FRAGMENTED,
            SERVER_NAME_MISSING
        }
    }
}
