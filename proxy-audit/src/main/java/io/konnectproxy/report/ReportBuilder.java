package io.konnectproxy.report;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;

/**
 * Adds up a trail, line by line in the order of the trail. Its memory does not grow with the trail: every table has a
 * bound, and reports what exceeded it ({@link Ranking}). Not thread-safe.
 */
public final class ReportBuilder {
    private final AuditReport report;
    private final EventReader reader;
    private final Places places;

    public ReportBuilder(ReportQuery query) {
        this.report = new AuditReport(query);
        this.reader = new EventReader(report.unread()::field);
        this.places = new Places(query.catalog());
    }

    /**
     * Adds a line. A line that cannot be read is counted and listed in the report.
     *
     * @param end the offset after the line's last byte, without the line feed
     * @param name of the file, as the user named it
     * @param number of the line in the file, from 1
     */
    public void line(byte[] bytes, int from, int end, String name, long number) {
        try {
            EventReader.EventLine line = reader.read(bytes, from, end);
            line.trail().ifPresent(report.input()::of);
            report.numbering().next(line.seq(), name, number);
            take(line.seq(), line.event());
        } catch (UnreadableLineException e) {
            report.unread().line(new LinePosition(name, number), String.valueOf(e.getMessage()));
        }
    }

    /** Adds a file that has been read to its end. */
    public void segment(String name, long lines) {
        report.input().file(name, lines);
    }

    /** Adds bytes at the end of a file that are no line, because there is no line feed. */
    public void unfinished(String name, long number, long bytes) {
        report.unread()
                .line(
                        new LinePosition(name, number),
                        "it has no end: it is still being written, or torn (" + bytes + " bytes)");
    }

    /** Adds that the rest of a file cannot be read. */
    public void brokenOff(String name, long number) {
        report.unread().line(new LinePosition(name, number), "the file cannot be read from here on");
    }

    /** Adds a file that is not part of the trail. */
    public void passedOver(String name, String why) {
        report.input().passedOver(name, why);
    }

    /** Adds what the verification of the lines came to. */
    void verified(TrailVerification result) {
        report.integrity().verified(result);
    }

    private void take(long seq, TrailEvent event) {
        int where = report.input().line(event.time());
        report.newTargets().ifPresent(targets -> targets.seen(event.time()));
        if (event instanceof TrailEvent.Decision decision) {
            if (where <= 0) {
                decision(decision, where == 0);
            }
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            if (where <= 0) {
                ended(end, where == 0);
            }
        } else if (event instanceof TrailEvent.Refusals refusals) {
            refusals(refusals);
        } else if (!ofTheTrail(seq, event) && where <= 0) {
            ofTheProxy(event);
        }
    }

    private void ended(TrailEvent.TunnelEnd end, boolean within) {
        Optional<OpenTunnels.Request> request = report.open().end(end.id());
        report.dataPlanes().ended(end, request, within);
        if (within) {
            report.traffic().count(end, request);
            report.turnedAway().count(end, request);
        }
    }

    /**
     * The line of a sum is up to a minute later than its refusals, or later still after an outage, so the time of the
     * last refusal counts.
     */
    private void refusals(TrailEvent.Refusals refusals) {
        if (report.query().period().contains(refusals.last())) {
            report.traffic().count(refusals);
            report.history().count(refusals);
            report.turnedAway().count(refusals);
        }
    }

    private void decision(TrailEvent.Decision decision, boolean within) {
        report.newTargets().ifPresent(targets -> targets.count(decision));
        TrailEvent.Place place = places.of(decision);
        if (decision.judgement() != TrailEvent.Ruling.REFUSED) {
            report.open().begin(new OpenTunnels.Request(decision, place));
            report.dataPlanes().permitted(decision, place);
        }
        if (within) {
            report.traffic().count(decision, place);
            report.history().count(decision);
            report.pins().count(decision);
            report.rules().count(decision);
            report.turnedAway().count(decision, place);
        }
    }

    /** Counts events about the trail itself, which may concern the period although they were written later. */
    private boolean ofTheTrail(long seq, TrailEvent event) {
        TrailLosses losses = report.losses();
        if (event instanceof TrailEvent.Gap gap) {
            losses.gap(gap);
            report.integrity().gap(gap);
        } else if (event instanceof TrailEvent.Torn torn) {
            losses.torn(torn);
        } else if (event instanceof TrailEvent.Removed removed) {
            losses.removed(removed);
        } else if (event instanceof TrailEvent.ClockJump jump) {
            losses.clock(jump);
        } else if (event instanceof TrailEvent.MirrorLoss loss) {
            losses.mirror(loss);
        } else if (event instanceof TrailEvent.Checkpoint checkpoint) {
            losses.checkpoint(checkpoint);
            report.integrity().checkpoint(seq, checkpoint);
        } else if (event instanceof TrailEvent.Unfamiliar unfamiliar) {
            report.unread().event(unfamiliar.event());
        } else {
            return false;
        }
        return true;
    }

    private void ofTheProxy(TrailEvent event) {
        History history = report.history();
        if (event instanceof TrailEvent.Policy policy) {
            policy.instance().ifPresent(report.input()::from);
            history.configured(policy);
            report.pins().configured(policy);
            report.rules().configured(policy);
        } else if (event instanceof TrailEvent.Start start) {
            report.open().processBegan();
            report.dataPlanes().processBegan(start.time());
            start.instance().ifPresent(report.input()::from);
            history.started(start);
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            history.reloadRefused(refused);
        } else if (event instanceof TrailEvent.Drain drain) {
            history.drained(drain);
            report.dataPlanes().drained(drain.time());
        } else if (event instanceof TrailEvent.Stop stop) {
            history.stopped(stop);
            report.dataPlanes().drained(stop.time());
        } else if (event instanceof TrailEvent.NotStarted failure) {
            report.open().processBegan();
            history.notStarted(failure);
        }
    }

    /** The report on all lines so far. */
    public AuditReport build() {
        return report;
    }
}
