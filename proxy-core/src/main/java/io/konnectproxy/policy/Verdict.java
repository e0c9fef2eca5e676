package io.konnectproxy.policy;

/** The decision of the policy about a request. Reply, audit line and counters are all derived from this value. */
public sealed interface Verdict {

    /** The tunnel may be opened. */
    record Permitted(TunnelPermit permit) implements Verdict {}

    /**
     * The tunnel must not be opened. Any code may create this value, because a refusal is always safe.
     *
     * @param remedy what would permit the request: a whole sentence that contains nothing of the request
     */
    record Refused(Refusal refusal, String remedy) implements Verdict {
        public Refused(Refusal refusal) {
            this(refusal, refusal.remedy());
        }
    }

    /** A refusal in {@link EgressPolicy.Mode#REPORT_ONLY}: it is logged as refused, and the tunnel is opened nevertheless. */
    record Unenforced(Refused refused, TunnelPermit permit) implements Verdict {}
}
