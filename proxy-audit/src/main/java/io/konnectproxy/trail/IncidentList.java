package io.konnectproxy.trail;

import java.util.ArrayList;
import java.util.List;

/** Collects the lines in which the trail records losses. Keeps the first ones and counts the rest. One thread. */
final class IncidentList {
    private static final int KEPT = 20;

    private final List<String> first = new ArrayList<>();
    private long more;

    void add(TrailLine line) {
        if (!line.isEvent("gap") && !line.isEvent("torn") && !line.isEvent("removed") && !line.isEvent("mirror")) {
            return;
        }
        if (first.size() == KEPT) {
            more++;
            return;
        }
        first.add("line " + line.seq() + ": " + TrailFields.incident(TrailFields.of(line.text())));
    }

    VerifyResult.Incidents incidents() {
        return new VerifyResult.Incidents(first, more);
    }
}
