package io.konnectproxy.server.command;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes text as one YAML value in ASCII that every YAML parser reads back as the same text. */
final class YamlScalar {
    private static final Pattern PLAIN = Pattern.compile("[a-z][a-z0-9-]*");
    /** Words that YAML 1.1 or 1.2 takes for something other than text. */
    private static final Set<String> WORDS = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private YamlScalar() {}

    static String of(String text) {
        return PLAIN.matcher(text).matches() && !WORDS.contains(text) ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c <= '~') {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(String.format(Locale.ROOT, c > 0xffff ? "\\U%08X" : "\\u%04X", c));
            }
        });
        return quoted.append('"').toString();
    }
}
