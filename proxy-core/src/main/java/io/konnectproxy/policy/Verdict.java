package io.konnectproxy.policy;

/** What the policy says of a request. Reply, audit line and counters are all made from this one value. */
public sealed interface Verdict {

    /** The tunnel may be opened. */
    record Permitted(TunnelPermit permit) implements Verdict {}

    /**
     * No tunnel. Anybody may make one of these: refusing is always safe.
     *
     * @param remedy what would permit it: a whole sentence in which nothing of the request stands
     */
    record Refused(Refusal refusal, String remedy) implements Verdict {
        public Refused(Refusal refusal) {
            this(refusal, refusal.remedy());
        }
    }

    /** What {@link EgressPolicy.Mode#REPORT_ONLY} makes of a refusal: logged as refused, let through all the same. */
    record Unenforced(Refused refused, TunnelPermit permit) implements Verdict {}
}
