package io.konnectproxy.keys;

import java.util.regex.Pattern;

/**
 * The first error in a text that should be PEM (RFC 7468).
 *
 * @param line its number, from 1; 0 if no single line is wrong
 * @param what the end of a message: what is wrong
 */
record PemDamage(int line, String what) {
    static final String BEGIN = "-----BEGIN ";

    private static final String END = "-----END ";

    /** Base64, or a header of a key that is encrypted in the form before PKCS#8. */
    private static final Pattern INSIDE = Pattern.compile("[A-Za-z0-9+/=]*[ \\t]*|[A-Za-z-]+: .*");

    private static final String DAMAGED = "what stands between BEGIN and END is damaged";

    static PemDamage of(String text) {
        int begun = 0;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.contains(BEGIN)) {
                if (!line.startsWith(BEGIN)) {
                    return new PemDamage(number, "BEGIN and its dashes must be the first of the line");
                }
                if (begun > 0) {
                    return new PemDamage(begun, "the END of this BEGIN is missing");
                }
                begun = number;
            } else if (line.startsWith(END)) {
                begun = 0;
            } else if (begun > 0 && !INSIDE.matcher(line).matches()) {
                return new PemDamage(number, DAMAGED);
            }
        }
        return begun > 0 ? new PemDamage(begun, "the END of this BEGIN is missing") : new PemDamage(0, DAMAGED);
    }

    String at(String file) {
        return line == 0 ? file : file + ":" + line;
    }
}
