package io.konnectproxy.journal;

/** A record could not be written to the trail, so the recorded action must not happen. */
public final class AuditUnavailableException extends Exception {
    AuditUnavailableException(String why) {
        // Without a stack trace: one is made for each record of an outage, and only leads to a reply 503.
        super(why, null, false, false);
    }
}
