package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.Samples;
import java.util.Map;
import java.util.TreeMap;

/** What the honest saw for a while. On their thread, until they have ended it. */
final class HonestFigures {
    /** From the attempt to connect to the end of the 200; a visit without an answer counts with as long as it waited. */
    final Samples answers = new Samples();
    /** From the attempt to connect to the answer through TLS in the tunnel. */
    final Samples exchanges = new Samples();
    /** There and back in a tunnel that was open before. */
    final Samples messages = new Samples();
    /** Answers to {@code /healthz}; one without an answer counts with as long as it waited. */
    final Samples health = new Samples();

    private final Map<String, Integer> lost = new TreeMap<>();
    private int healthFailures;
    private long worstPause;
    private int underWay;
    private int begun;

    void begin() {
        begun++;
        underWay++;
    }

    void end() {
        underWay--;
    }

    /** A visit or a message has come to nothing. */
    void lose(String why) {
        lost.merge(why, 1, Integer::sum);
    }

    void failHealth() {
        healthFailures++;
    }

    /** This thread itself had to wait for a processor, or for a collection. */
    void pause(long nanos) {
        worstPause = Math.max(worstPause, nanos);
    }

    int visits() {
        return begun;
    }

    boolean isIdle() {
        return underWay == 0;
    }

    int healthFailures() {
        return healthFailures;
    }

    long worstPauseMillis() {
        return worstPause / 1_000_000;
    }

    /** Why, and how often. */
    Map<String, Integer> lost() {
        return lost;
    }

    int lostInAll() {
        return lost.values().stream().mapToInt(Integer::intValue).sum();
    }

    static String millis(Samples samples, double share) {
        return samples.size() == 0 ? "" : Long.toString(Math.round(samples.micros(share) / 1e3));
    }
}
