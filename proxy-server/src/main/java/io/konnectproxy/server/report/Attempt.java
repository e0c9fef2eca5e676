package io.konnectproxy.server.report;

/** What a client that keeps trying does again and again: the same request with the same result. */
record Attempt(String client, String target, String result) {
    /** Where a client came, but never asked for anything. */
    static final String NOTHING_ASKED = "(nothing asked for)";

    /** Where the trail has a sum, which does not say what was asked for. */
    static final String SUMMED_UP = "(summed up)";
}
