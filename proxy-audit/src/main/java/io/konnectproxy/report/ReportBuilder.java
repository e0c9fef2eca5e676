package io.konnectproxy.report;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;

/**
 * Adds up a trail, line by line in the order of the trail. Its memory does not grow with the trail: every table has a
 * bound, and reports what exceeded it ({@link Ranking}). Not thread-safe.
 */
public final class ReportBuilder {
    private final ReportQuery query;
    private final ReportInput input;
    private final Numbering numbering = new Numbering();
    private final Unread unread = new Unread();
    private final EventReader reader = new EventReader(unread::field);
    private final TrailLosses losses;
    private final History history;
    private final Traffic traffic = new Traffic();
    private final OpenTunnels open = new OpenTunnels();
    private final Places places;
    private final Optional<NewTargets> newTargets;
    private final PinUse pins;

    public ReportBuilder(ReportQuery query) {
        this.query = query;
        this.input = new ReportInput(query.period());
        this.losses = new TrailLosses(query.period());
        this.history = new History(query.period().sinceMicros());
        this.places = new Places(query.catalog());
        this.newTargets = query.newSince().map(Micros::of).map(NewTargets::new);
        this.pins = new PinUse(query.pins());
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
            line.trail().ifPresent(input::of);
            numbering.next(line.seq(), name, number);
            take(line.event());
        } catch (UnreadableLineException e) {
            unread.line(new LinePosition(name, number), String.valueOf(e.getMessage()));
        }
    }

    /** Adds a file that has been read to its end. */
    public void segment(String name, long lines) {
        input.file(name, lines);
    }

    /** Adds bytes at the end of a file that are no line, because there is no line feed. */
    public void unfinished(String name, long number, long bytes) {
        unread.line(
                new LinePosition(name, number),
                "it has no end: it is still being written, or torn (" + bytes + " bytes)");
    }

    /** Adds that the rest of a file cannot be read. */
    public void brokenOff(String name, long number) {
        unread.line(new LinePosition(name, number), "the file cannot be read from here on");
    }

    /** Adds a file that is not part of the trail. */
    public void passedOver(String name, String why) {
        input.passedOver(name, why);
    }

    private void take(TrailEvent event) {
        int where = input.line(event.time());
        newTargets.ifPresent(targets -> targets.seen(event.time()));
        if (event instanceof TrailEvent.Decision decision) {
            if (where <= 0) {
                decision(decision, where == 0);
            }
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            if (where <= 0) {
                Optional<OpenTunnels.Request> request = open.end(end.id());
                if (where == 0) {
                    traffic.count(end, request);
                }
            }
        } else if (event instanceof TrailEvent.Refusals refusals) {
            refusals(refusals);
        } else if (!ofTheTrail(event) && where <= 0) {
            ofTheProxy(event);
        }
    }

    /**
     * The line of a sum is up to a minute later than its refusals, or later still after an outage, so the time of the
     * last refusal counts.
     */
    private void refusals(TrailEvent.Refusals refusals) {
        if (query.period().contains(refusals.last())) {
            traffic.count(refusals);
            history.count(refusals);
        }
    }

    private void decision(TrailEvent.Decision decision, boolean within) {
        newTargets.ifPresent(targets -> targets.count(decision));
        TrailEvent.Place place = places.of(decision);
        if (decision.judgement() != TrailEvent.Ruling.REFUSED) {
            open.begin(new OpenTunnels.Request(decision, place));
        }
        if (within) {
            traffic.count(decision, place);
            history.count(decision);
            pins.count(decision);
        }
    }

    /** Counts events about the trail itself, which may concern the period although they were written later. */
    private boolean ofTheTrail(TrailEvent event) {
        if (event instanceof TrailEvent.Gap gap) {
            losses.gap(gap);
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
        } else if (event instanceof TrailEvent.Unfamiliar unfamiliar) {
            unread.event(unfamiliar.event());
        } else {
            return false;
        }
        return true;
    }

    private void ofTheProxy(TrailEvent event) {
        if (event instanceof TrailEvent.Policy policy) {
            policy.instance().ifPresent(input::from);
            history.configured(policy);
            pins.configured(policy);
        } else if (event instanceof TrailEvent.Start start) {
            open.processBegan();
            start.instance().ifPresent(input::from);
            history.started(start);
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            history.reloadRefused(refused);
        } else if (event instanceof TrailEvent.Drain drain) {
            history.drained(drain);
        } else if (event instanceof TrailEvent.Stop stop) {
            history.stopped(stop);
        } else if (event instanceof TrailEvent.NotStarted failure) {
            open.processBegan();
            history.notStarted(failure);
        }
    }

    /** The report on all lines so far. */
    public AuditReport build() {
        return new AuditReport(query, input, numbering, unread, losses, history, traffic, open, newTargets, pins);
    }
}
