package io.konnectproxy.server.doctor;

import java.time.Duration;

/**
 * How long a step waits for its peer.
 *
 * @param connect for a TCP connection
 * @param answer for each answer on one
 */
public record Patience(Duration connect, Duration answer) {
    /**
     * A firewall that drops is recognised by the connect: a SYN is repeated after one second, and two seconds later. An answer
     * may take as long as Kong waits for it.
     */
    public static final Patience OF_KONG = new Patience(Duration.ofSeconds(4), Duration.ofSeconds(5));

    int connectMillis() {
        return Math.toIntExact(connect.toMillis());
    }

    int answerMillis() {
        return Math.toIntExact(answer.toMillis());
    }

    /** The end of a peer that says something now and then, so that no single read takes too long. */
    Duration altogether() {
        return answer.plusSeconds(1);
    }
}
