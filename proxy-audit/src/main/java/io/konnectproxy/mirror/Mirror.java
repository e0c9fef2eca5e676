package io.konnectproxy.mirror;

import java.util.Optional;

/** One destination for copies of the trail's lines. One thread makes all calls but {@link #missedInAll}. */
interface Mirror {
    /** The name in the trail and in messages, {@code syslog+tls://logs.corp:6514}. */
    String name();

    /**
     * Takes a line, or counts it as missed. Never blocks on anything outside of this process.
     *
     * @param line of the trail, without its line feed
     */
    void print(String line);

    /** The missed lines that are due to be recorded and were not returned before. */
    Optional<Missed> missed();

    /** Whether there are missed lines that were not returned yet, or waiting lines that may still be missed. */
    boolean isUnsettled();

    /** The number of lines missed since it was opened. Any thread. */
    long missedInAll();

    /** Accepts no more lines, and goes on sending those that wait. Returns at once. */
    void beginEnd();

    /**
     * Waits until this time at most, on the clock of {@link System#nanoTime}. Lines that are not sent by then are
     * missed.
     */
    void awaitEnd(long nanoTime);
}
