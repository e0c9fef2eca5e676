package io.konnectproxy.server.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;

/**
 * A response: a status and plain text.
 *
 * @param fields that it has besides those of every response
 */
record Page(HttpResponseStatus status, String text, Map<CharSequence, String> fields) {
    static final Page ALIVE = new Page(HttpResponseStatus.OK, "ok\n");
    static final Page NOT_FOUND =
            new Page(HttpResponseStatus.NOT_FOUND, "There are /healthz, /readyz and /metrics here.\n");
    static final Page NOT_FOUND_BESIDE_PAGE =
            new Page(HttpResponseStatus.NOT_FOUND, "There are /, /live, /healthz, /readyz and /metrics here.\n");
    static final Page ONLY_READING = new Page(
            HttpResponseStatus.METHOD_NOT_ALLOWED,
            "Only GET and HEAD here.\n",
            Map.of(HttpHeaderNames.ALLOW, "GET, HEAD"));
    static final Page NO_METRICS = new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "The metrics could not be read.\n");
    static final Page MALFORMED = new Page(HttpResponseStatus.BAD_REQUEST, "Malformed request.\n");
    static final Page OTHER_HOST = new Page(
            HttpResponseStatus.FORBIDDEN,
            "The live page is shown under an IP address or localhost only: use one of them in the URL.\n");
    static final Page OTHER_ORIGIN =
            new Page(HttpResponseStatus.FORBIDDEN, "The events of the live page are for that page only.\n");
    static final Page CREDENTIALS = new Page(
            HttpResponseStatus.UNAUTHORIZED,
            "The live page demands a user and a password of admin.credentials.\n",
            Map.of(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"konnect-proxy\", charset=\"UTF-8\""));
    static final Page UNVERIFIED = new Page(
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            "The credentials could not be verified in time; try again.\n",
            Map.of(HttpHeaderNames.RETRY_AFTER, "5"));
    static final Page NO_DOCUMENT =
            new Page(HttpResponseStatus.SERVICE_UNAVAILABLE, "The live page could not be read.\n");
    static final Page ENOUGH_VIEWERS = new Page(
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            "There are " + Viewers.MOST + " viewers of the live page already; close one, and try again.\n",
            Map.of(HttpHeaderNames.RETRY_AFTER, "10"));

    Page(HttpResponseStatus status, String text) {
        this(status, text, Map.of());
    }

    /** The request has not the form that it should have; the sentence says which. */
    static Page badRequest(String sentence) {
        return new Page(HttpResponseStatus.BAD_REQUEST, sentence + "\n");
    }

    /** There is nothing at the path of the live page. */
    static Page without(PageAccess access) {
        return access.whyOff().isEmpty()
                ? NOT_FOUND
                : new Page(HttpResponseStatus.NOT_FOUND, NOT_FOUND.text + access.whyOff() + "\n");
    }

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
