package io.konnectproxy.konnect;

import java.util.regex.Pattern;

/** The purpose of a group of Konnect hosts: {@code api}, {@code data-plane}, … The catalogue defines which exist. */
public record Purpose(String name) implements Comparable<Purpose> {
    private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");

    /** Hosts that have private addresses by design. This is the only purpose that the program treats specially. */
    public static final Purpose PRIVATELINK = new Purpose("privatelink");

    public Purpose {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a purpose is lower-case words joined by hyphens");
        }
    }

    @Override
    public int compareTo(Purpose other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
