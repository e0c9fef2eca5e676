package io.konnectproxy.keys;

/** A password. It is in nothing that is printed, a record that holds it included. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
