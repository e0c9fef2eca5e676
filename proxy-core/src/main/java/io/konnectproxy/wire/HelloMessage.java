package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.SERVER_NAME_MISSING;

import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses the body of a complete ClientHello message (RFC 8446, section 4.1.2) from its first field to its last byte. */
final class HelloMessage {
    private static final int RANDOM_LENGTH = 32;
    private static final int MAX_SESSION_ID = 32;
    private static final int TLS_1_0 = 0x0301;
    private static final int TLS_1_2 = 0x0303;

    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;
    /** Several times the number that any client sends. */
    private static final int MAX_EXTENSIONS = 128;

    private static final String TLS_1_3 = "TLSv1.3";

    private HelloMessage() {}

    /**
     * @param length the length of the record that contains it
     */
    static HelloReading read(byte[] body, int length) {
        try {
            return read(new Cursor(body), length);
        } catch (MalformedHello fault) {
            return new HelloFault(MALFORMED, fault.problem());
        }
    }

    private static HelloReading read(Cursor body, int length) throws MalformedHello {
        int version = body.uint16();
        require(
                version >= TLS_1_0 && version <= TLS_1_2,
                "The legacy_version of the ClientHello must be that of TLS 1.0 to 1.2.");
        body.skip(RANDOM_LENGTH);
        int sessionId = body.vector8().length();
        require(sessionId <= MAX_SESSION_ID, "The session id must have at most 32 bytes.");
        int suites = body.vector16().length();
        require(suites >= 2 && suites % 2 == 0, "The cipher suites must be a list of at least one pair of bytes.");
        require(body.vector8().text().indexOf('\0') >= 0, "The compression methods must contain the null method.");
        return fromExtensions(length, version, sessionId > 0, extensions(body));
    }

    /** A missing server name is reported last, because other faults are more severe. */
    private static HelloReading fromExtensions(
            int length, int version, boolean sessionId, Map<Integer, Cursor> extensions) throws MalformedHello {
        Cursor names = extensions.get(SERVER_NAME);
        Cursor protocols = extensions.get(ALPN);
        Cursor versions = extensions.get(SUPPORTED_VERSIONS);
        String serverName = names == null ? "" : ServerName.read(names);
        OfferedProtocols alpn = protocols == null ? OfferedProtocols.NONE : OfferedProtocols.read(protocols);
        List<String> offered = versions == null ? List.of(TlsVersion.name(version)) : TlsVersion.readOffered(versions);
        if (names == null) {
            return new HelloFault(
                    SERVER_NAME_MISSING, "The ClientHello has no server_name: send the CONNECT host in it.");
        }
        return new ClientHello(
                length,
                serverName,
                alpn.names(),
                alpn.cut(),
                offered,
                extensions.containsKey(ENCRYPTED_CLIENT_HELLO),
                offersTicket(extensions)
                        || extensions.containsKey(PRE_SHARED_KEY)
                        || (sessionId && !offered.contains(TLS_1_3)));
    }

    private static boolean offersTicket(Map<Integer, Cursor> extensions) {
        Cursor ticket = extensions.get(SESSION_TICKET);
        return ticket != null && !ticket.atEnd();
    }

    /** The extensions by type; none if the block is absent, which TLS 1.2 allows. */
    private static Map<Integer, Cursor> extensions(Cursor body) throws MalformedHello {
        Map<Integer, Cursor> found = new HashMap<>();
        if (body.atEnd()) {
            return found;
        }
        Cursor block = body.vector16();
        require(body.atEnd(), "The ClientHello must end with its extensions.");
        while (!block.atEnd()) {
            require(found.size() < MAX_EXTENSIONS, "The ClientHello has more than " + MAX_EXTENSIONS + " extensions.");
            int type = block.uint16();
            require(found.put(type, block.vector16()) == null, "An extension must be there once only.");
            require(
                    type != PRE_SHARED_KEY || block.atEnd(),
                    "The pre_shared_key must be the last extension (RFC 8446, section 4.2.11).");
        }
        return found;
    }

    static void require(boolean condition, String problem) throws MalformedHello {
        if (!condition) {
            throw new MalformedHello(problem);
        }
    }
}
