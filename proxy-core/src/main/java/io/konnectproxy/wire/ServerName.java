package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloMessage.require;

import io.konnectproxy.target.ConnectTarget;
import java.util.Locale;

/** Parses the {@code server_name} extension (RFC 6066, section 3). */
final class ServerName {
    private static final int HOST_NAME = 0;
    private static final int MAX_LENGTH = 255;

    private ServerName() {}

    /**
     * The only host name in the extension, in lower case. Underscores are accepted: {@code kong_clustering} is not a host name,
     * but the refusal must be able to name it.
     */
    static String read(Cursor extension) throws MalformedHello {
        Cursor names = extension.vector16();
        require(extension.atEnd(), "Nothing may stand behind the list of the server_name extension.");
        require(names.uint8() == HOST_NAME, "The server_name must be of the type host_name.");
        Cursor name = names.vector16();
        require(names.atEnd(), "The server_name extension must hold exactly one name.");
        require(
                name.length() >= 1 && name.length() <= MAX_LENGTH,
                "The server_name must have 1 to " + MAX_LENGTH + " bytes.");
        return plain(name.text());
    }

    private static String plain(String name) throws MalformedHello {
        require(
                name.chars().allMatch(ServerName::isAllowed),
                "The server_name may have letters, digits, hyphens, underscores and dots only.");
        require(
                !name.startsWith(".") && !name.endsWith(".") && !name.contains(".."),
                "The server_name has an empty label or ends in a dot: send the bare host name.");
        require(
                !(ConnectTarget.parse(name + ":443") instanceof ConnectTarget.IpLiteral),
                "The server_name must be a name, not an IP address.");
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean isAllowed(int octet) {
        return Octet.isLetter(octet) || Octet.isDigit(octet) || octet == '-' || octet == '_' || octet == '.';
    }
}
