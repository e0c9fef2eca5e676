package io.konnectproxy.wire;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The pseudonym of one running proxy in {@code Via} (RFC 9110, section 7.6.3). It differs for each start, so that it says
 * nothing of the machine and nobody has it who was not sent it.
 */
public record ViaName(String text) {
    private static final Pattern FORM = Pattern.compile("konnect-proxy-[0-9a-f]{12}");
    static final int LENGTH = "konnect-proxy-".length() + 12;

    /**
     * Only in the one form.
     *
     * @throws IllegalArgumentException if the text is no such pseudonym
     */
    public ViaName {
        if (!isOne(text)) {
            throw new IllegalArgumentException("not the pseudonym of a proxy of this kind");
        }
    }

    /** Made of the lowest 48 bits. */
    public static ViaName of(long random) {
        return new ViaName("konnect-proxy-" + HexFormat.of().toHexDigits(random, 12));
    }

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
