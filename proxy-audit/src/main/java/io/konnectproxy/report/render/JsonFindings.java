package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.FindingGroup;
import io.konnectproxy.report.Integrity;
import io.konnectproxy.report.IntegrityClaim;
import io.konnectproxy.report.ReportFinding;
import io.konnectproxy.report.ReportedTrail;
import io.konnectproxy.report.TrailVerification;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** Writes what needs attention, and what is known of the integrity, in the JSON of a report. */
final class JsonFindings {
    private final JsonGenerator json;
    private final JsonTables tables;

    JsonFindings(JsonGenerator json, JsonTables tables) {
        this.json = json;
        this.tables = tables;
    }

    void findings(List<FindingGroup> groups) {
        json.writeArrayPropertyStart("finding_kinds");
        for (FindingGroup group : groups) {
            json.writeStartObject();
            json.writeStringProperty("kind", group.kind().token());
            json.writeNumberProperty("rank", group.kind().rank());
            json.writeStringProperty("title", group.kind().title());
            json.writeNumberProperty("findings", group.all());
            json.writeNumberProperty("times", group.times());
            tables.time("first", group.first());
            tables.time("last", group.last());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("findings");
        groups.forEach(group -> group.listed().forEach(this::finding));
        json.writeEndArray();
    }

    private void finding(ReportFinding finding) {
        json.writeStartObject();
        json.writeStringProperty("kind", finding.kind().token());
        json.writeNumberProperty("rank", finding.kind().rank());
        json.writeStringProperty("who", finding.who().orElse(null));
        json.writeStringProperty("what", finding.what());
        json.writeStringProperty("detail", finding.detail());
        json.writeNumberProperty("times", finding.times());
        tables.time("first", finding.first());
        tables.time("last", finding.last());
        json.writeStringProperty("advice", finding.advice());
        tables.proxies(finding.proxies());
        json.writeEndObject();
    }

    void integrity(AuditReport report) {
        // Of several trails, each has its own, under "proxies".
        Optional<Integrity> integrity = report.trails().only().map(ReportedTrail::integrity);
        Optional<TrailVerification> found = integrity.flatMap(Integrity::verification);
        json.writeObjectPropertyStart("integrity");
        for (IntegrityClaim claim : report.claims()) {
            json.writeObjectPropertyStart(claim.aspect().token());
            json.writeStringProperty("assurance", claim.assurance().token());
            json.writeStringProperty("ground", claim.ground());
            json.writeEndObject();
        }
        json.writeNumberProperty(
                "verified_from", found.map(TrailVerification::first).orElse(0L));
        json.writeNumberProperty(
                "verified_to", found.map(TrailVerification::last).orElse(0L));
        json.writeNumberProperty(
                "signed_to",
                found.map(TrailVerification::signedTo).map(JsonFindings::orZero).orElse(0L));
        json.writeNumberProperty(
                "kept_to",
                found.map(TrailVerification::keptTo).map(JsonFindings::orZero).orElse(0L));
        json.writeNumberProperty(
                "newest_checkpoint", integrity.map(Integrity::newest).orElse(0L));
        defect(found.flatMap(TrailVerification::broken), json);
        json.writeEndObject();
    }

    static void defect(Optional<TrailVerification.FirstDefect> broken, JsonGenerator json) {
        if (broken.isEmpty()) {
            json.writeNullProperty("first_defect");
        } else {
            json.writeObjectPropertyStart("first_defect");
            json.writeStringProperty("defect", broken.get().token());
            json.writeStringProperty("place", broken.get().place());
            json.writeStringProperty("sentence", broken.get().sentence());
            json.writeStringProperty("expected", broken.get().expected());
            json.writeStringProperty("found", broken.get().found());
            json.writeEndObject();
        }
    }

    private static long orZero(OptionalLong seq) {
        return seq.orElse(0);
    }
}
