package io.konnectproxy.server.kong;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Kong reads its file (Penlight's config, then its own comments) and the address of its proxy (LuaSocket's url). */
final class KongReader {
    private static final Pattern COMMENT = Pattern.compile("\\s*(?<!\\\\)#.*$");
    private static final Pattern URL = Pattern.compile("([a-z]+)://(?:([^@]*)@)?([^/?#]*)(.*)");

    private KongReader() {}

    /** The values of a {@code kong.conf}. */
    static Map<String, String> file(List<String> lines) {
        Map<String, String> values = new TreeMap<>();
        for (String line : String.join("\n", lines).replaceAll("\\\\\\s*\n", "").split("\n", -1)) {
            int equals = line.indexOf('=');
            if (!line.strip().isEmpty() && "#;[".indexOf(line.strip().charAt(0)) < 0 && equals > 0) {
                String value =
                        COMMENT.matcher(line.substring(equals + 1).strip()).replaceFirst("");
                values.put(line.substring(0, equals).strip(), value.replace("\\#", "#"));
            }
        }
        return values;
    }

    /** Scheme, host, port, and user and password as they go into the header. */
    static List<String> url(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches() || !url.group(4).isEmpty()) {
            throw new AssertionError("Kong cannot read " + text);
        }
        String login = url.group(2) == null ? ":" : url.group(2);
        int password = login.lastIndexOf(':');
        int port = url.group(3).lastIndexOf(':');
        return List.of(
                url.group(1),
                url.group(3).substring(0, port),
                url.group(3).substring(port + 1),
                unescaped(login.substring(0, password)),
                unescaped(login.substring(password + 1)));
    }

    /** As {@code ngx.unescape_uri}: a plus is a space. */
    private static String unescaped(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
