package io.konnectproxy.server.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/** A response: a status and plain text. */
record Page(HttpResponseStatus status, String text) {
    static final Page ALIVE = new Page(HttpResponseStatus.OK, "ok\n");
    static final Page NOT_FOUND =
            new Page(HttpResponseStatus.NOT_FOUND, "There are /healthz, /readyz and /metrics here.\n");
    static final Page ONLY_READING = new Page(HttpResponseStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD here.\n");
    static final Page NO_METRICS = new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "The metrics could not be read.\n");
    static final Page MALFORMED = new Page(HttpResponseStatus.BAD_REQUEST, "Malformed request.\n");

    /**
     * The readiness at this moment, and after an empty line what is in force. If it cannot be determined, the proxy is not
     * ready.
     */
    static Page of(Readiness readiness) {
        try {
            List<String> reasons = readiness.reasonsAgainst();
            List<String> facts = readiness.facts();
            String text = (reasons.isEmpty() ? "ready" : String.join("\n", reasons)) + "\n"
                    + (facts.isEmpty() ? "" : "\n" + String.join("\n", facts) + "\n");
            return new Page(reasons.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, text);
        } catch (RuntimeException e) {
            return new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "Readiness could not be told.\n");
        }
    }
}
