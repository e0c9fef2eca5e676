package io.konnectproxy.server.credentials;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of an htpasswd file while it is changed: one user's are exchanged, all others stay as they are, whether they can
 * be read or not. A character is a byte here.
 */
final class UserLines {
    private final List<String> lines;

    UserLines(byte[] bytes) {
        lines = new ArrayList<>(List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)));
    }

    /** Puts another hash in place of the one a user has, or adds a line; gives whether there was one. */
    boolean set(String name, BcryptHash hash) {
        String begin = begin(name);
        Optional<String> before =
                lines.stream().filter(line -> line.startsWith(begin)).findFirst();
        String line = begin + hash.text();
        if (before.isPresent()) {
            int at = lines.indexOf(before.get());
            lines.set(at, before.get().endsWith("\r") ? line + "\r" : line);
            // One user has one line: a second would be refused when the file is read.
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

    /** Takes a user out; gives whether there was one. */
    boolean remove(String name) {
        String begin = begin(name);
        return lines.removeIf(line -> line.startsWith(begin));
    }

    private static String begin(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) + ":";
    }

    byte[] bytes() {
        return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }
}
