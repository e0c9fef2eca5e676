package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.History;
import io.konnectproxy.report.NewTargets;
import io.konnectproxy.report.Numbering;
import io.konnectproxy.report.PolicyChange;
import io.konnectproxy.report.ReportInput;
import io.konnectproxy.report.ReportedTrail;
import io.konnectproxy.report.Tally;
import io.konnectproxy.report.TimeLine;
import io.konnectproxy.report.Traffic;
import io.konnectproxy.report.TrailLosses;
import io.konnectproxy.report.Unread;
import io.konnectproxy.trail.event.Pin;
import io.konnectproxy.trail.event.TrailEvent;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * The report as one JSON object. Names are stable and described by {@code config/audit-report.schema.json}; more may be
 * added. Sizes are bytes, durations milliseconds, times UTC in the trail's form; unknown values are null.
 */
final class JsonReport {
    /** The version. It is increased when a name changes its meaning or is removed. */
    private static final int VERSION = 1;

    /** Of all trails. */
    private static final int MOST_BREAKS = 100;

    /** As many as a table may have rows. */
    private static final int MOST_NAMES = 10_000;

    private final AuditReport report;
    private final JsonGenerator json;
    private final JsonTables tables;

    private JsonReport(AuditReport report, JsonGenerator json) {
        this.report = report;
        this.json = json;
        this.tables = new JsonTables(json, report);
    }

    static void write(AuditReport report, PrintWriter out) {
        ObjectWriteContext context = new ObjectWriteContext.Base() {
            @Override
            public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
            }
        };
        JsonFactory factory = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .build();
        try (JsonGenerator json = factory.createGenerator(context, out)) {
            new JsonReport(report, json).write();
        }
        out.println();
    }

    private void write() {
        json.writeStartObject();
        json.writeNumberProperty("report", VERSION);
        json.writeName("period");
        period();
        json.writeName("input");
        input();
        JsonFindings findings = new JsonFindings(json, tables);
        findings.findings(report.findings());
        findings.integrity(report);
        new Proxies(report).write(json, tables);
        json.writeName("completeness");
        completeness();
        json.writeName("totals");
        tables.tally(report.traffic().total());
        json.writeName("time_line");
        timeLine();
        traffic();
        newTargets();
        rules();
        pins();
        configurations();
        reloads();
        runs();
        json.writeEndObject();
    }

    private void period() {
        json.writeStartObject();
        tables.time("from", report.from());
        tables.time("until", report.until());
        tables.time("first_line", tables.known(report.input().first()));
        tables.time("last_line", tables.known(report.input().last()));
        json.writeEndObject();
    }

    private void input() {
        ReportInput input = report.input();
        json.writeStartObject();
        json.writeNumberProperty("segments", input.fileCount());
        json.writeNumberProperty("lines", input.read() + report.unread().count());
        json.writeNumberProperty("lines_in_period", input.within());
        json.writeNumberProperty("lines_before", input.before());
        json.writeNumberProperty("lines_after", input.after());
        tables.texts("trails", input.trails());
        tables.texts("instances", input.instances());
        json.writeArrayPropertyStart("files");
        for (ReportInput.ReadFile segment : input.files()) {
            json.writeStartObject();
            json.writeStringProperty("file", segment.file());
            json.writeNumberProperty("lines", segment.lines());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("passed_over");
        for (ReportInput.SkippedFile place : input.passedOver()) {
            json.writeStartObject();
            json.writeStringProperty("file", place.file());
            json.writeStringProperty("why", place.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void completeness() {
        TrailLosses losses = report.losses();
        List<ReportedTrail> trails = report.trails().all();
        json.writeStartObject();
        json.writeBooleanProperty(
                "chain_verified",
                !trails.isEmpty()
                        && trails.stream()
                                .allMatch(trail -> trail.integrity()
                                        .verification()
                                        .map(found -> found.broken().isEmpty())
                                        .orElse(false)));
        Optional<Numbering> numbering = report.trails().only().map(ReportedTrail::numbering);
        json.writeNumberProperty("first_seq", numbering.map(Numbering::first).orElse(0L));
        json.writeNumberProperty("last_seq", numbering.map(Numbering::last).orElse(0L));
        json.writeNumberProperty("numbering_breaks", sum(trails, Numbering::count));
        json.writeNumberProperty("missing_numbers", sum(trails, Numbering::missing));
        json.writeNumberProperty("gaps", losses.gaps());
        json.writeNumberProperty("lost_lines", losses.lost());
        json.writeNumberProperty("lost_lines_of_served_requests", losses.served());
        json.writeNumberProperty("torn_ends", losses.torn());
        json.writeNumberProperty("torn_bytes", losses.tornBytes());
        json.writeNumberProperty("removed_files", losses.removed());
        json.writeNumberProperty("mirror_losses", losses.mirrorLosses());
        json.writeNumberProperty("unreadable_lines", report.unread().count());
        json.writeNumberProperty("clock_jumps", report.losses().clockJumps());
        json.writeNumberProperty("clock_set_back", report.input().backwards());
        json.writeNumberProperty("ended_without_stop", losses.endsWithoutStop());
        json.writeNumberProperty("tunnels_without_end", report.open().lost());
        json.writeNumberProperty("tunnels_still_open", report.open().stillOpen());
        json.writeNumberProperty("tunnels_without_decision", report.traffic().withoutDecision());
        json.writeNumberProperty("tunnels_not_joined", report.open().forgotten());
        tables.counts("mirrors", losses.missed());
        tables.counts("checkpoints", losses.keys());
        tables.counts("unknown_events", report.unread().events());
        tables.counts("unknown_fields", report.unread().fields());
        breaks();
        unreadable();
        losses();
        json.writeEndObject();
    }

    private static long sum(List<ReportedTrail> trails, ToLongFunction<Numbering> figure) {
        return trails.stream().map(ReportedTrail::numbering).mapToLong(figure).sum();
    }

    private static List<Numbering.Break> breaksOf(List<ReportedTrail> trails) {
        return trails.stream()
                .flatMap(trail -> trail.numbering().breaks().stream())
                .limit(MOST_BREAKS)
                .toList();
    }

    private void breaks() {
        json.writeArrayPropertyStart("first_numbering_breaks");
        for (Numbering.Break at : breaksOf(report.trails().all())) {
            json.writeStartObject();
            json.writeStringProperty("file", at.position().file());
            json.writeNumberProperty("line", at.position().line());
            json.writeNumberProperty("expected", at.expected());
            json.writeNumberProperty("found", at.found());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void unreadable() {
        json.writeArrayPropertyStart("first_unreadable_lines");
        for (Unread.UnreadLine line : report.unread().lines()) {
            json.writeStartObject();
            json.writeStringProperty("file", line.position().file());
            json.writeNumberProperty("line", line.position().line());
            json.writeStringProperty("reason", line.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void losses() {
        json.writeArrayPropertyStart("first_losses");
        for (TrailLosses.Loss kept : report.losses().kept()) {
            TrailEvent event = kept.event();
            json.writeStartObject();
            if (event instanceof TrailEvent.Gap gap) {
                json.writeStringProperty("event", "gap");
                json.writeNumberProperty("lost", gap.lost());
                json.writeBooleanProperty("served", gap.served());
                stretch(gap.from(), gap.until(), gap.reason());
            } else if (event instanceof TrailEvent.MirrorLoss loss) {
                json.writeStringProperty("event", "mirror");
                json.writeStringProperty("mirror", loss.mirror());
                json.writeNumberProperty("missed", loss.missed());
                stretch(loss.from(), loss.until(), loss.reason());
            } else if (event instanceof TrailEvent.Removed removed) {
                json.writeStringProperty("event", "removed");
                json.writeStringProperty("file", removed.file());
                tables.time("time", Optional.of(removed.time()));
                json.writeStringProperty("reason", removed.reason());
            } else if (event instanceof TrailEvent.ClockJump jump) {
                json.writeStringProperty("event", "clock");
                stretch(jump.expected(), jump.time(), jump.reason());
            } else if (event instanceof TrailEvent.Torn torn) {
                json.writeStringProperty("event", "torn");
                json.writeStringProperty("kept_as", torn.keptAs());
                json.writeNumberProperty("bytes", torn.bytes());
                tables.time("time", Optional.of(torn.time()));
                json.writeStringProperty("reason", torn.reason());
            }
            proxy(kept.proxy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Nothing in a report on one trail. */
    private void proxy(String name) {
        if (!name.isEmpty()) {
            json.writeStringProperty("proxy", name);
        }
    }

    private void stretch(long from, long until, String reason) {
        tables.time("from", Optional.of(from));
        tables.time("until", Optional.of(until));
        json.writeStringProperty("reason", reason);
    }

    private void timeLine() {
        json.writeStartObject();
        if (report.from().isPresent() && report.until().isPresent()) {
            TimeLine.Series line = report.traffic()
                    .timeLine()
                    .over(report.from().get(), report.until().get());
            json.writeNumberProperty("bucket_ms", line.width() / 1000);
            json.writeArrayPropertyStart("buckets");
            for (TimeLine.Bucket bucket : line.buckets()) {
                json.writeStartObject();
                tables.time("from", Optional.of(bucket.from()));
                json.writeNumberProperty("permitted", bucket.tally().permitted());
                json.writeNumberProperty("refused", bucket.tally().refused());
                json.writeNumberProperty("let_through", bucket.tally().letThrough());
                json.writeEndObject();
            }
        } else {
            json.writeNullProperty("bucket_ms");
            json.writeArrayPropertyStart("buckets");
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void traffic() {
        Traffic traffic = report.traffic();
        tables.traffic("purposes", "purpose", traffic.purposes());
        tables.traffic("regions", "region", traffic.regions());
        tables.traffic("control_planes", "control_plane", traffic.controlPlanes());
        tables.traffic("clients", "client", traffic.clients());
        tables.traffic("users", "user", traffic.users());
        tables.traffic("certificates", "certificate", traffic.certificates());
        tables.traffic("client_entries", "client_entry", traffic.entries());
        tables.traffic("peers", "peer", traffic.peers());
        tables.traffic("targets", "target", traffic.targets());
        tables.counted("refusal_reasons", "reason", traffic.reasons());
        tables.repeated("refusals", "reason", traffic.refusals());
        json.writeNumberProperty("refusals_summed_up", traffic.summedUp());
        tables.repeated("let_through", "reason", traffic.letThrough());
        tables.counted("outcomes", "outcome", traffic.outcomes());
        tables.repeated("failed_tunnels", "outcome", traffic.failures());
        tables.repeated("broken_handshakes", "handshake", traffic.handshakes());
        tables.traffic("parent_proxies", "parent_proxy", traffic.parents());
        tables.counted("parent_refusals", "parent_refusal", traffic.parentAnswers());
        tables.counted("tls_versions", "versions", traffic.tlsVersions());
        json.writeNumberProperty("ech_offered", traffic.ech());
        json.writeNumberProperty("resumption_offered", traffic.resumes());
        json.writeNumberProperty("without_client_hello", traffic.withoutHello());
    }

    private void newTargets() {
        if (report.newTargets().isEmpty()) {
            json.writeNullProperty("new_targets");
            return;
        }
        NewTargets targets = report.newTargets().get();
        json.writeObjectPropertyStart("new_targets");
        tables.time("since", Optional.of(targets.since()));
        json.writeBooleanProperty("lines_before", targets.hasLinesBefore());
        json.writeBooleanProperty("may_list_known", targets.mayListKnown());
        tables.counted("found", "target", targets.found());
        json.writeEndObject();
    }

    private void rules() {
        tables.counted("rules", "rule", report.rules().used());
        tables.texts(
                "unused_rules",
                report.rules().unused().stream().limit(MOST_NAMES).toList());
    }

    private static <V> List<Map.Entry<Pin, V>> firstOf(Map<Pin, V> pins) {
        return pins.entrySet().stream().limit(MOST_NAMES).toList();
    }

    private void pins() {
        if (!report.pins().isKnown()) {
            json.writeNullProperty("pins");
            return;
        }
        json.writeObjectPropertyStart("pins");
        json.writeNumberProperty("pinned", report.pins().pinned());
        json.writeArrayPropertyStart("used");
        for (Map.Entry<Pin, Tally> pin : firstOf(report.pins().used())) {
            json.writeStartObject();
            json.writeStringProperty(
                    pin.getKey().place().noun().replace(' ', '_'), pin.getKey().name());
            json.writeNumberProperty("count", pin.getValue().lines());
            tables.time("first", tables.known(pin.getValue().first()));
            tables.time("last", tables.known(pin.getValue().last()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("never_used");
        for (Map.Entry<Pin, Long> pin : firstOf(report.pins().unused())) {
            json.writeStartObject();
            json.writeStringProperty(
                    pin.getKey().place().noun().replace(' ', '_'), pin.getKey().name());
            tables.time("since", tables.known(pin.getValue()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void configurations() {
        json.writeNumberProperty("earlier_configurations", report.history().earlierConfigurations());
        json.writeArrayPropertyStart("configurations");
        for (History.ConfigurationPeriod configuration : report.history().configurations()) {
            json.writeStartObject();
            tables.time("from", Optional.of(configuration.policy().time()));
            json.writeStringProperty("occasion", configuration.policy().occasion());
            json.writeStringProperty("digest", configuration.policy().digest());
            json.writeStringProperty(
                    "configuration_digest",
                    configuration.policy().configurationDigest().orElse(null));
            json.writeNumberProperty("permitted", configuration.tally().permitted());
            json.writeNumberProperty("refused", configuration.tally().refused());
            json.writeNumberProperty("let_through", configuration.tally().letThrough());
            json.writeObjectPropertyStart("policy");
            new TreeMap<>(configuration.policy().values()).forEach(tables::texts);
            json.writeEndObject();
            changes(configuration);
            proxy(configuration.proxy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void reloads() {
        json.writeNumberProperty("reloads", report.history().reloads());
        json.writeNumberProperty("refused_reloads", report.history().refusedReloads());
        json.writeArrayPropertyStart("last_refused_reloads");
        for (TrailEvent.ReloadRefused refused : report.history().lastRefusedReloads()) {
            json.writeStartObject();
            tables.time("time", Optional.of(refused.time()));
            tables.texts("problems", refused.problems());
            json.writeNumberProperty("omitted", refused.omitted());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void changes(History.ConfigurationPeriod configuration) {
        if (configuration.before().isEmpty()) {
            json.writeNullProperty("changed");
            return;
        }
        List<PolicyChange> changes = PolicyChange.between(configuration.before().get(), configuration.policy());
        json.writeArrayPropertyStart("changed");
        for (PolicyChange change : changes) {
            json.writeStartObject();
            json.writeStringProperty("key", change.key());
            tables.texts("added", change.added());
            tables.texts("removed", change.removed());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void runs() {
        json.writeNumberProperty("failed_starts", report.history().failedStarts());
        tables.time("last_failed_start", report.history().lastFailure().map(TrailEvent.NotStarted::time));
        json.writeStringProperty(
                "last_failed_start_reason",
                report.history()
                        .lastFailure()
                        .map(TrailEvent.NotStarted::reason)
                        .orElse(null));
        json.writeNumberProperty("earlier_runs", report.history().earlierRuns());
        json.writeArrayPropertyStart("runs");
        for (History.Run run : report.history().runs()) {
            json.writeStartObject();
            tables.time("start", run.start().map(TrailEvent.Start::time));
            json.writeStringProperty(
                    "version", run.start().flatMap(TrailEvent.Start::version).orElse(null));
            json.writeStringProperty(
                    "instance", run.start().flatMap(TrailEvent.Start::instance).orElse(null));
            tables.time("drain", run.drain());
            tables.time("stop", run.stop());
            json.writeBooleanProperty("ended_without_stop", run.crashed());
            proxy(run.proxy());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
