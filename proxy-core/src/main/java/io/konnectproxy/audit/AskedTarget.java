package io.konnectproxy.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What a client asked for, made safe to write anywhere: printable ASCII, at most {@value #MAX_LENGTH} characters.
 *
 * @param text bytes outside printable ASCII, and the backslash itself, as {@code \xhh}; user information in front of an
 *     {@code @} is replaced by {@code ***}, since a password may stand there
 * @param truncated whether something was cut off at the end
 */
public record AskedTarget(String text, boolean truncated) {
    private static final int MAX_LENGTH = 512;

    /** Makes the bytes of a request target, or of whatever stood in its place, safe. */
    public static AskedTarget of(byte[] asked) {
        String text = new String(asked, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf('@');
        StringBuilder safe = new StringBuilder();
        for (int i = at < 0 ? 0 : at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (safe.length() == 0 && at >= 0) {
                safe.append("***");
            }
            if (c < ' ' || c > '~' || c == '\\') {
                safe.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                safe.append(c);
            }
            if (safe.length() > MAX_LENGTH) {
                safe.setLength(MAX_LENGTH);
                return new AskedTarget(safe.toString(), true);
            }
        }
        return new AskedTarget(safe.toString(), false);
    }
}
