package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloMessage.require;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The {@code application_layer_protocol_negotiation} extension (RFC 7301, section 3.1). A tunnel holds it in memory, so it is
 * limited to what an audit line shows.
 *
 * @param names the first protocols in the client's order; bytes outside printable ASCII and backslashes are {@code \xhh}
 * @param cut whether more protocols were offered
 */
record OfferedProtocols(List<String> names, boolean cut) {
    static final OfferedProtocols NONE = new OfferedProtocols(List.of(), false);

    private static final int MOST_KEPT = 16;
    private static final int LONGEST_KEPT = 512;
    /** Clients offer a handful. Without a limit a ClientHello could have 16,000 names of one byte. */
    private static final int MOST = 64;

    private static final int MOST_BYTES = 1024;

    private static final HexFormat HEX = HexFormat.of();

    static OfferedProtocols read(Cursor extension) throws MalformedHello {
        Cursor list = extension.vector16();
        require(extension.atEnd(), "Nothing may stand behind the list of the ALPN extension.");
        require(!list.atEnd(), "The ALPN extension must name at least one protocol.");
        require(
                list.length() <= MOST_BYTES,
                "The list of protocols in the ALPN extension must have at most " + MOST_BYTES + " bytes.");
        List<String> names = new ArrayList<>();
        int count = 0;
        while (!list.atEnd()) {
            Cursor name = list.vector8();
            require(!name.atEnd(), "A protocol name in the ALPN extension is empty.");
            require(++count <= MOST, "The ALPN extension must name at most " + MOST + " protocols.");
            if (count <= MOST_KEPT) {
                names.add(kept(name.text()));
            }
        }
        return new OfferedProtocols(List.copyOf(names), count > MOST_KEPT);
    }

    /** The names that most clients offer are shared between tunnels. */
    private static String kept(String name) {
        return switch (name) {
            case "h2" -> "h2";
            case "http/1.1" -> "http/1.1";
            default -> cut(printable(name));
        };
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_KEPT ? text : text.substring(0, LONGEST_KEPT - 3) + "...";
    }

    private static String printable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' || (c != ' ' && !Octet.isVisible(c))) {
                text.append("\\x").append(HEX.toHighHexDigit(c)).append(HEX.toLowHexDigit(c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
