package io.konnectproxy.report;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up one trail of a report, line by line in its order. What belongs to a trail alone is here: its numbers, its open tunnels, its
 * process. The rest is added to what all trails have in common. Not thread-safe.
 */
final class TrailTotals {
    private final AuditReport report;
    private final EventReader reader;
    private final Places places;
    private final ReportedTrail trail;
    private final OpenTunnels.OpenOfTrail open;
    private final DataPlaneTracks.TrackedTrail dataPlanes;
    private final History.HistoryOfTrail history;
    private final ProcessEnds processEnds = new ProcessEnds();

    /** The line that was read and not yet taken; null if it cannot be read. */
    private EventReader.@Nullable EventLine line;

    private String fault = "";
    /** That of the line before; another line may be of another trail, where somebody put it. */
    private String lastTrail = "";

    /** What a caller needs of a line before it is taken. */
    private long time = Long.MIN_VALUE;

    TrailTotals(AuditReport report, ReportedTrail trail, EventReader reader, Places places) {
        this.report = report;
        this.trail = trail;
        this.reader = reader;
        this.places = places;
        this.open = report.open().trail();
        this.dataPlanes = report.dataPlanes().trail(trail);
        this.history = report.history().trail(trail.proxy());
    }

    ReportedTrail trail() {
        return trail;
    }

    /**
     * Reads a line, to be taken later.
     *
     * @param end the offset after the line's last byte, without the line feed
     */
    void read(byte[] bytes, int from, int end) {
        try {
            line = reader.read(bytes, from, end);
            time = line.event().time();
        } catch (UnreadableLineException e) {
            line = null;
            fault = String.valueOf(e.getMessage());
        }
    }

    /** The time of the line that was read, or of the last one before it that could be read; the minimum without any. */
    long time() {
        return time;
    }

    /**
     * Adds the line that was read. One that cannot be read is counted and listed in the report.
     *
     * @param file as the user named it
     * @param number of the line in the file, from 1
     */
    void take(String file, long number) {
        if (line == null) {
            unread(file, number, fault);
            return;
        }
        line.trail().ifPresent(this::named);
        if (!trail.numbering().next(line.seq(), place(file), number)) {
            processEnds.interrupted();
        }
        take(line.seq(), line.event());
    }

    private void named(String id) {
        if (!id.equals(lastTrail)) {
            trail.named(id);
            report.input().of(id);
            lastTrail = id;
        }
    }

    /** Two trails may have files of the same name. */
    private String place(String file) {
        return trail.proxy().isEmpty() ? file : trail.proxy() + "/" + file;
    }

    private void unread(String file, long number, String why) {
        trail.unread();
        processEnds.interrupted();
        report.unread().line(new LinePosition(place(file), number), why);
    }

    /** Adds a file that has been read to its end. */
    void segment(String file, long lines) {
        report.input().file(place(file), lines);
    }

    /** Adds bytes at the end of a file that are no line, because there is no line feed. */
    void unfinished(String file, long number, long bytes) {
        unread(file, number, "it has no end: it is still being written, or torn (" + bytes + " bytes)");
    }

    /** Adds that the rest of a file cannot be read. */
    void brokenOff(String file, long number) {
        unread(file, number, "the file cannot be read from here on");
    }

    /** There is no further line. */
    void end() {
        trail.ended(open.close());
        dataPlanes.close();
    }

    /** Adds what the verification of the lines came to; empty where a file could not be read. */
    void verified(Optional<TrailVerification> result) {
        result.ifPresent(trail.integrity()::verified);
        report.trails().end(trail);
    }

    private void take(long seq, TrailEvent event) {
        processEnds.next(event).ifPresent(this::endedWithoutStop);
        int where = report.input().line(event.time());
        if (trail.line(event, where == 0, where > 0)) {
            report.input().wentBack();
        }
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

    private void endedWithoutStop(ProcessEnds.EndWithoutStop end) {
        trail.integrity().endedWithoutStop();
        if (report.losses().endedWithoutStop(end)) {
            trail.endedWithoutStop(end);
        }
    }

    private void ended(TrailEvent.TunnelEnd end, boolean within) {
        Optional<OpenTunnels.Request> request = open.end(end.id());
        dataPlanes.ended(end, request, within);
        if (within) {
            report.traffic().count(end, request, trail);
            report.turnedAway().count(end, request, trail);
        }
    }

    /**
     * The line of a sum is up to a minute later than its refusals, or later still after an outage, so the time of the
     * last refusal counts.
     */
    private void refusals(TrailEvent.Refusals refusals) {
        if (report.query().period().contains(refusals.last())) {
            report.traffic().count(refusals, trail);
            history.count(refusals);
            report.turnedAway().count(refusals, trail);
        }
    }

    private void decision(TrailEvent.Decision decision, boolean within) {
        report.newTargets().ifPresent(targets -> targets.count(decision, trail));
        TrailEvent.Place place = places.of(decision);
        if (decision.judgement() != TrailEvent.Ruling.REFUSED) {
            open.begin(new OpenTunnels.Request(decision, place));
            dataPlanes.permitted(decision, place, within);
        }
        if (within) {
            report.traffic().count(decision, place, trail);
            history.count(decision);
            report.pins().count(decision);
            report.rules().count(decision);
            report.turnedAway().count(decision, place, trail);
        }
    }

    /** Counts events about the trail itself, which may concern the period although they were written later. */
    private boolean ofTheTrail(long seq, TrailEvent event) {
        TrailLosses losses = report.losses();
        if (event instanceof TrailEvent.Gap gap) {
            losses.gap(trail.proxy(), gap);
            trail.integrity().gap(gap);
        } else if (event instanceof TrailEvent.Torn torn) {
            losses.torn(trail.proxy(), torn);
            trail.integrity().torn();
        } else if (event instanceof TrailEvent.Removed removed) {
            losses.removed(trail.proxy(), removed);
        } else if (event instanceof TrailEvent.ClockJump jump) {
            losses.clock(trail.proxy(), jump);
        } else if (event instanceof TrailEvent.MirrorLoss loss) {
            losses.mirror(trail.proxy(), loss);
        } else if (event instanceof TrailEvent.Checkpoint checkpoint) {
            losses.checkpoint(checkpoint);
            trail.integrity().checkpoint(seq, checkpoint);
        } else if (event instanceof TrailEvent.Unfamiliar unfamiliar) {
            report.unread().event(unfamiliar.event());
        } else {
            return false;
        }
        return true;
    }

    private void ofTheProxy(TrailEvent event) {
        if (event instanceof TrailEvent.Policy policy) {
            policy.instance().ifPresent(report.input()::from);
            trail.configured(policy);
            history.configured(policy);
            report.pins().configured(trail.proxy(), policy);
            report.rules().configured(trail.proxy(), policy);
        } else if (event instanceof TrailEvent.Start start) {
            trail.started(start);
            open.processBegan();
            dataPlanes.processBegan(start.time());
            start.instance().ifPresent(report.input()::from);
            history.started(start);
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            report.history().reloadRefused(refused);
        } else if (event instanceof TrailEvent.Drain drain) {
            history.drained(drain);
            dataPlanes.drained(drain.time());
        } else if (event instanceof TrailEvent.Stop stop) {
            trail.stopped();
            history.stopped(stop);
            dataPlanes.drained(stop.time());
        } else if (event instanceof TrailEvent.NotStarted failure) {
            trail.stopped();
            open.processBegan();
            report.history().notStarted(failure);
        }
    }
}
