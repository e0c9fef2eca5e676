package io.konnectproxy.server.live;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a viewer wants to see. Viewers with the same query share what is rendered.
 *
 * @param find in lower case; empty to find all
 * @param reversed whether the last of the order comes first
 */
public record LiveQuery(String find, TunnelOrder order, boolean reversed) {
    static final int LONGEST_FIND = 64;

    private static final String FIND = "find must be at most " + LONGEST_FIND + " characters of percent-encoded UTF-8.";
    private static final String SORT = "sort must be one of "
            + Arrays.stream(TunnelOrder.values()).map(TunnelOrder::key).collect(Collectors.joining(", "))
            + ", with - before it to reverse the order.";
    private static final String KEYS = "There are find and sort, each at most once.";

    /** Everything, in the usual order. */
    public static final LiveQuery ALL = new LiveQuery("", TunnelOrder.RATE, false);

    /**
     * Reads the query of a URL.
     *
     * @param text what follows the question mark, as it was sent; may be empty
     * @throws IllegalArgumentException with a sentence that contains nothing of the text
     */
    public static LiveQuery parse(String text) {
        Optional<String> find = Optional.empty();
        Optional<String> sort = Optional.empty();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            if (pair.startsWith("find=") && find.isEmpty()) {
                find = Optional.of(decoded(pair.substring("find=".length())));
            } else if (pair.startsWith("sort=") && sort.isEmpty()) {
                sort = Optional.of(pair.substring("sort=".length()));
            } else {
                throw new IllegalArgumentException(KEYS);
            }
        }
        boolean reversed = sort.filter(value -> value.startsWith("-")).isPresent();
        TunnelOrder order =
                sort.map(value -> order(reversed ? value.substring(1) : value)).orElse(TunnelOrder.RATE);
        return new LiveQuery(find.orElse("").toLowerCase(Locale.ROOT), order, reversed);
    }

    private static TunnelOrder order(String key) {
        return Arrays.stream(TunnelOrder.values())
                .filter(order -> order.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(SORT));
    }

    private static String decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(octet(text, i + 1));
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                // Forms are sent with a plus sign for a space.
                bytes.write(c == '+' ? ' ' : c);
            } else {
                throw new IllegalArgumentException(FIND);
            }
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            if (decoded.length() <= LONGEST_FIND) {
                return decoded;
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(FIND, e);
        }
        throw new IllegalArgumentException(FIND);
    }

    private static int octet(String text, int at) {
        if (at + 2 <= text.length()) {
            int high = Character.digit(text.charAt(at), 16);
            int low = Character.digit(text.charAt(at + 1), 16);
            if (high >= 0 && low >= 0) {
                return high << 4 | low;
            }
        }
        throw new IllegalArgumentException(FIND);
    }

    /** Whether a text, in lower case, contains what is to be found. */
    boolean finds(String text) {
        return text.contains(find);
    }
}
