package io.konnectproxy.server.command;

import io.konnectproxy.trail.FleetFollower;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Prints the records of several trails, each with the instance that wrote it. */
final class FleetTail {
    private final FleetFollower fleet;
    private final RecordLine form;
    private final RecordFilter filter;
    private final long since;
    private final PrintWriter out;
    /** Grows with what it has, so that later lines stay aligned. */
    private int width;

    /** @param since in the unit of the trail's times */
    FleetTail(FleetFollower fleet, RecordLine form, RecordFilter filter, long since, PrintWriter out) {
        this.fleet = fleet;
        this.form = form;
        this.filter = filter;
        this.since = since;
        this.out = out;
        this.width = fleet.instances().stream().mapToInt(String::length).max().orElse(0);
    }

    /** Prints the last records of all trails together, of those that there are now. */
    void begin(int last) {
        Deque<String> shown = new ArrayDeque<>();
        // What comes meanwhile ends it, so that a busy fleet does not go on forever here.
        String now = Micros.text(Micros.of(Instant.now()));
        boolean ended = false;
        while (!ended) {
            Optional<FleetFollower.FleetLine> next = fleet.next();
            ended = next.isEmpty() || next.get().time().compareTo(now) > 0;
            next.flatMap(this::record).ifPresent(shown::add);
            if (last == Integer.MAX_VALUE) {
                shown.forEach(out::println);
                shown.clear();
            } else if (shown.size() > last) {
                shown.remove();
            }
        }
        shown.forEach(out::println);
    }

    /** Prints what has come since. Returns whether there was anything. */
    boolean more() {
        Optional<FleetFollower.FleetLine> next = fleet.next();
        next.flatMap(this::record).ifPresent(out::println);
        return next.isPresent();
    }

    private Optional<String> record(FleetFollower.FleetLine line) {
        Optional<EventReader.EventLine> read = AuditTailCommand.read(line.text());
        if (read.isEmpty()) {
            return Optional.of(withInstance(line, form.unreadable(line.text())));
        }
        filter.hear(read.get().event());
        return read.filter(event -> event.event().time() >= since && filter.wants(event))
                .map(event -> withInstance(line, form.of(event, filter.clientOf(event.event()))));
    }

    private String withInstance(FleetFollower.FleetLine line, String record) {
        width = Math.max(width, line.instance().length());
        return line.instance() + " ".repeat(width - line.instance().length()) + "  " + record;
    }
}
