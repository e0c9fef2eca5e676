package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloMessage.require;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Parses the protocol versions of the {@code supported_versions} extension (RFC 8446, section 4.2.1). */
final class TlsVersion {
    /** Maximum length of the list, GREASE included. TLS has fewer versions, drafts included. */
    private static final int MOST = 16;

    private TlsVersion() {}

    /** The names of the offered versions in the client's order, without GREASE (RFC 8701). */
    static List<String> readOffered(Cursor extension) throws MalformedHello {
        Cursor versions = extension.vector8();
        require(extension.atEnd(), "Nothing may stand behind the list of the supported_versions extension.");
        require(!versions.atEnd(), "The supported_versions extension must list at least one version.");
        require(
                versions.length() <= 2 * MOST,
                "The supported_versions extension must list at most " + MOST + " versions.");
        List<String> names = new ArrayList<>();
        while (!versions.atEnd()) {
            int version = versions.uint16();
            if (!isGrease(version)) {
                names.add(name(version));
            }
        }
        return names;
    }

    static String name(int version) {
        return switch (version) {
            case 0x0301 -> "TLSv1.0";
            case 0x0302 -> "TLSv1.1";
            case 0x0303 -> "TLSv1.2";
            case 0x0304 -> "TLSv1.3";
            default -> "0x" + HexFormat.of().toHexDigits((short) version);
        };
    }

    private static boolean isGrease(int version) {
        return (version & 0x0f0f) == 0x0a0a && version >> 8 == (version & 0xff);
    }
}
