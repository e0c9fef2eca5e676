package io.konnectproxy.report;

import java.util.Optional;

/**
 * All that there is to say. What it holds is complete and is not changed any more.
 *
 * @param newTargets empty when nobody asked since when
 */
record AuditReport(
        ReportQuery query,
        ReportInput input,
        Numbering numbering,
        Unread unread,
        TrailLosses losses,
        History history,
        Traffic traffic,
        OpenTunnels open,
        Optional<NewTargets> newTargets,
        PinUse pins) {}
