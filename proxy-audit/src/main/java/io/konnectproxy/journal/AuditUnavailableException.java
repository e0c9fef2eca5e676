package io.konnectproxy.journal;

/** A record did not get into the trail. What it was about must not happen. */
public final class AuditUnavailableException extends Exception {
    AuditUnavailableException(String why) {
        // Made once for each record of an outage, on the way to a 503: nobody reads its stack.
        super(why, null, false, false);
    }
}
