package io.konnectproxy.bench;

/** Measures all subjects in turn and prints one table. */
public final class Compare {
    private Compare() {}
}
