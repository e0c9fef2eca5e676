package io.konnectproxy.report;

import java.util.Optional;

/**
 * One thing that needs attention.
 *
 * @param who the client; empty where it is nobody in particular
 * @param what the target, control plane, file or pin that it is about
 * @param detail a reason or outcome by its token, or half a sentence
 * @param times how often; 0 where it is about something that never happened
 * @param first when it was first, in microseconds; empty where that is not known
 * @param advice what to do: the hint of the trail's last line about it, or else that of the kind
 * @param proxies where, in a report on several trails
 */
public record ReportFinding(
        FindingKind kind,
        Optional<String> who,
        String what,
        String detail,
        long times,
        Optional<Long> first,
        Optional<Long> last,
        String advice,
        ProxyNames proxies) {
    /** A finding about what was counted. */
    static ReportFinding counted(
            FindingKind kind, String who, String what, String detail, Tally tally, String advice, ProxyNames proxies) {
        return new ReportFinding(
                kind,
                Optional.of(who).filter(name -> !name.isEmpty()),
                what,
                detail,
                tally.lines(),
                known(tally.first()),
                known(tally.last()),
                advice,
                proxies);
    }

    static Optional<Long> known(long time) {
        return time == Long.MAX_VALUE || time == Long.MIN_VALUE ? Optional.empty() : Optional.of(time);
    }
}
