package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloMessage.require;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The {@code application_layer_protocol_negotiation} extension (RFC 7301, section 3.1). */
final class OfferedProtocols {
    private OfferedProtocols() {}

    /** The protocols in the client's order, bytes outside printable ASCII and backslashes written {@code \xhh}. */
    static List<String> read(Cursor extension) throws MalformedHello {
        Cursor names = extension.vector16();
        require(extension.atEnd(), "Nothing may stand behind the list of the ALPN extension.");
        require(!names.atEnd(), "The ALPN extension must name at least one protocol.");
        List<String> protocols = new ArrayList<>();
        while (!names.atEnd()) {
            Cursor name = names.vector8();
            require(!name.atEnd(), "A protocol name in the ALPN extension is empty.");
            protocols.add(printable(name.text()));
        }
        return protocols;
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' || (c != ' ' && !Octet.isVisible(c))) {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
