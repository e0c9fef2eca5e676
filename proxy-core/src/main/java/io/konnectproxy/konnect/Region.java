package io.konnectproxy.konnect;

import java.util.regex.Pattern;

/** A Konnect geography, named as in its host names: {@code us}, {@code eu}, … The catalogue defines which exist. */
public record Region(String name) implements Comparable<Region> {
    private static final Pattern NAME = Pattern.compile("[a-z]{2,8}");

    public Region {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a region is 2 to 8 lower-case letters");
        }
    }

    @Override
    public int compareTo(Region other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
