package io.konnectproxy.server.admin;

import java.time.Duration;

/**
 * How long connections to the admin port may take.
 *
 * @param request from the start or the last response to the next complete request, and for reading the last response
 * @param life of a connection, whatever it sends
 * @param watching after this a viewer has to come again, with its credentials; browsers do that by themselves
 */
record AdminTimes(Duration request, Duration life, Duration watching) {
    static final AdminTimes USUAL =
            new AdminTimes(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10));
}
