package io.konnectproxy.server.credentials;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of an htpasswd file while it is edited. The lines of one user are replaced; all others stay as they are, even if
 * they are malformed. Each character stands for a byte; a byte order mark at the beginning stays where it is.
 */
final class UserLines {
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final String mark;
    private final List<String> lines;

    UserLines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
        lines = new ArrayList<>(List.of(text.substring(mark.length()).split("\n", -1)));
    }

    /** Replaces the hash of a user, or adds a line. Returns whether the user was there. */
    boolean set(String name, BcryptHash hash) {
        String begin = begin(name);
        Optional<String> before =
                lines.stream().filter(line -> line.startsWith(begin)).findFirst();
        String line = begin + hash.text();
        if (before.isPresent()) {
            int at = lines.indexOf(before.get());
            lines.set(at, before.get().endsWith("\r") ? line + "\r" : line);
            // The reader refuses a second line for the same user.
            lines.subList(at + 1, lines.size()).removeIf(other -> other.startsWith(begin));
        } else {
            int last = lines.size() - 1;
            lines.add(lines.get(last).isEmpty() ? last : last + 1, line);
            if (!lines.get(lines.size() - 1).isEmpty()) {
                lines.add("");
            }
        }
        return before.isPresent();
    }

    /** Removes a user. Returns whether the user was there. */
    boolean remove(String name) {
        String begin = begin(name);
        return lines.removeIf(line -> line.startsWith(begin));
    }

    private static String begin(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) + ":";
    }

    byte[] bytes() {
        return (mark + String.join("\n", lines)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
