package io.konnectproxy.target;

import io.konnectproxy.target.HostNameReading.Unreadable;
import java.util.List;

/**
 * A host name in its one accepted form: LDH labels (RFC 5890, section 2.3.1) of 1 to 63 characters, separated by single
 * dots, at most 253 characters, in lower case, without a dot at the end. It may look like a number, which
 * {@link ConnectTarget} treats as an IP address, or like an A-label ({@code xn--…}), which no Konnect pattern matches.
 */
public final class HostName implements HostNameReading, Comparable<HostName> {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private final String text;

    private HostName(String text) {
        this.text = text;
    }

    /** Parses a name. ASCII letters are folded to lower case; nothing else is normalized. */
    public static HostNameReading read(String text) {
        if (text.isEmpty()) {
            return new Unreadable("The host name is empty.");
        }
        if (text.length() > MAX_NAME) {
            return new Unreadable("The host name is longer than 253 characters.");
        }
        char[] folded = new char[text.length()];
        int labelStart = 0;
        for (int i = 0; i <= folded.length; i++) {
            if (i == folded.length || text.charAt(i) == '.') {
                if (i == labelStart) {
                    return new Unreadable("The host name has an empty label.");
                }
                if (i - labelStart > MAX_LABEL) {
                    return new Unreadable("The host name has a label of more than 63 characters.");
                }
                if (text.charAt(labelStart) == '-' || text.charAt(i - 1) == '-') {
                    return new Unreadable("The host name has a label that begins or ends with a hyphen.");
                }
                labelStart = i + 1;
                if (i < folded.length) {
                    folded[i] = '.';
                }
            } else {
                char c = text.charAt(i);
                if (c >= 'A' && c <= 'Z') {
                    c = (char) (c - 'A' + 'a');
                } else if (!isLowerLdh(c)) {
                    return new Unreadable("The host name may have letters, digits, hyphens and dots only.");
                }
                folded[i] = c;
            }
        }
        return new HostName(new String(folded));
    }

    private static boolean isLowerLdh(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /**
     * Parses a name that is expected to be valid, like a constant or a configured name.
     *
     * @throws IllegalArgumentException if {@link #read} gives no name
     */
    public static HostName of(String text) {
        HostNameReading reading = read(text);
        if (reading instanceof Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.problem());
        }
        return (HostName) reading;
    }

    /** The labels from left to right, at least one. */
    public List<String> labels() {
        return List.of(text.split("\\.", -1));
    }

    @Override
    public int compareTo(HostName other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostName that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The name as text, lower case. */
    @Override
    public String toString() {
        return text;
    }
}
