package io.konnectproxy.server.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A response: a status and plain text. */
record Page(HttpResponseStatus status, String text) {
    static final Page ALIVE = new Page(HttpResponseStatus.OK, "ok\n");
    static final Page NOT_FOUND =
            new Page(HttpResponseStatus.NOT_FOUND, "There are /healthz, /readyz and /metrics here.\n");
    static final Page ONLY_READING = new Page(HttpResponseStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD here.\n");
    static final Page NO_METRICS = new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "The metrics could not be read.\n");
    static final Page MALFORMED = new Page(HttpResponseStatus.BAD_REQUEST, "Malformed request.\n");

    /** The readiness at this moment. If it cannot be determined, the proxy is not ready. */
    static Page of(Readiness readiness) {
        String reasons;
        try {
            reasons = String.join("\n", readiness.reasonsAgainst());
        } catch (RuntimeException e) {
            reasons = "Readiness could not be told.";
        }
        return reasons.isEmpty()
                ? new Page(HttpResponseStatus.OK, "ready\n")
                : new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, reasons + "\n");
    }
}
