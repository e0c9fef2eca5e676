package io.konnectproxy.keys;

/** A password. {@link #toString} does not show it, so neither do records that contain it. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
