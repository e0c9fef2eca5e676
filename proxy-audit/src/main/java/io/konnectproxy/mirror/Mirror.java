package io.konnectproxy.mirror;

import java.util.Optional;

/** One destination for copies of the trail's lines. One thread makes all calls. */
interface Mirror {
    /** How the trail and the operator call it, {@code syslog+tls://logs.corp:6514}. */
    String name();

    /**
     * Takes a line, or counts it as missed. Never waits for anything outside of this process.
     *
     * @param line of the trail, without its line feed
     */
    void print(String line);

    /** What is to be recorded as missed and was not given out before. */
    Optional<Missed> missed();

    /** Whether something was missed that was not given out, or may be missed without another line. */
    boolean isUnsettled();

    /** All that it has missed since it was opened. */
    long missedInAll();

    /** Lets it send what waits, and accept no more lines. Returns at once. */
    void beginEnd();

    /** Waits until then at most. Lines that are not sent by then are missed. */
    void awaitEnd(long nanoTime);
}
