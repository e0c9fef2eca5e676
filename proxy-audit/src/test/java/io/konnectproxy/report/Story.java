package io.konnectproxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.TrailBuilder;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.event.Pin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What happened to a proxy, told line by line, and the report on it. Begins on 2026-11-22 at 18:00; a line is a millisecond. */
public final class Story {
    public static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final TrailBuilder trail = new TrailBuilder();
    private final List<String> lines = new ArrayList<>();

    public static ReportQuery query() {
        return query(Period.ALL, Optional.empty());
    }

    public static ReportQuery query(Period period, Optional<Instant> newSince) {
        return new ReportQuery(period, newSince, Optional.empty(), SmallCatalog.create(), 25, NOW);
    }

    public static ReportQuery pinned(String... pins) {
        return new ReportQuery(
                Period.ALL,
                Optional.empty(),
                Optional.of(Arrays.stream(pins)
                        .map(name -> new Pin(OpenLabel.CONTROL_PLANE, name))
                        .collect(Collectors.toSet())),
                SmallCatalog.create(),
                25,
                NOW);
    }

    public static Period period(String since, String until) {
        return new Period(
                Optional.of(since).filter(text -> !text.isEmpty()).map(Instant::parse),
                Optional.of(until).filter(text -> !text.isEmpty()).map(Instant::parse));
    }

    public Story later(Duration by) {
        trail.later(by);
        return this;
    }

    public Story event(String word, String fields) {
        trail.event(word, fields);
        lines.addAll(trail.take());
        return this;
    }

    /** A line that is not the trail's. */
    public Story raw(String line) {
        lines.add(line);
        return this;
    }

    /** Lets numbers go by, as if their lines had been removed. */
    public Story without(int count) {
        trail.after(trail.lastSeq() + count, "0".repeat(64));
        return this;
    }

    public Story policy(String digest, String values) {
        return event(
                "configuration",
                "\"occasion\":\"start\",\"digest\":\"" + digest + "\",\"policy\":{" + values + "},\"changed\":null");
    }

    /** A configuration of version 2. */
    public Story configured(String occasion, String configurationDigest, String regions) {
        return event(
                "configuration",
                "\"occasion\":\"" + occasion + "\",\"instance\":\"proxy-1\",\"configuration_digest\":\""
                        + configurationDigest + "\",\"digest\":\"d\",\"policy\":{\"regions\":" + regions
                        + "},\"changed\":null");
    }

    /** A tunnel to a control plane in us. */
    public Story permitted(String id, String client, String controlPlane) {
        return permitted(
                id,
                client,
                controlPlane + ".us.cp0.konghq.com:443",
                "data-plane",
                "\"us\"",
                "\"" + controlPlane + "\"");
    }

    public Story permitted(
            String id, String client, String target, String purpose, String region, String controlPlane) {
        return decision(
                id,
                client,
                target,
                "\"verdict\":\"permitted\",\"reason\":\"konnect_host\",\"rule\":{\"purpose\":\""
                        + purpose + "\",\"region\":" + region + ",\"pattern\":\"p\",\"control_plane\":" + controlPlane
                        + "},\"enforced\":true");
    }

    public Story refused(String client, String target, String reason) {
        return decision(
                "r",
                client,
                target,
                "\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":true");
    }

    /**
     * Refusals that were summed up, of the last half minute.
     *
     * @param client the object in the line, or null
     */
    public Story summedUp(String client, long hosts, long literals) {
        return event(
                "refusals",
                "\"client\":" + client + ",\"listener\":\"127.0.0.1:3128\",\"count\":" + (hosts + literals)
                        + ",\"reasons\":{\"host_not_konnect\":" + hosts + ",\"ip_literal\":" + literals
                        + "},\"first\":\"" + trail.before(Duration.ofSeconds(30)) + "\",\"last\":\""
                        + trail.before(Duration.ofSeconds(1)) + "\"");
    }

    /**
     * A refusal of a client that says more of itself.
     *
     * @param client the object in the line
     */
    public Story refusedTo(String client, String target, String reason) {
        return event(
                "decision",
                "\"id\":\"r\",\"listener\":\"127.0.0.1:3128\",\"client\":" + client + ",\"target\":\"" + target
                        + "\",\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":true");
    }

    /** A tunnel that a parent proxy was asked for; its decision is not there. */
    public Story through(String parent, String status, String outcome) {
        return event(
                "tunnel",
                "\"id\":\"p\",\"target\":\"x.com:443\",\"outcome\":\"" + outcome
                        + "\",\"upstream\":{\"address\":\"192.0.2.7\",\"port\":1,\"via\":\"" + parent
                        + "\",\"asked\":\"x.com:443\"" + status
                        + "},\"tls\":null,\"bytes_up\":0,\"bytes_down\":0,\"dns_ms\":1,\"connect_ms\":2,\"duration_ms\":3");
    }

    public Story letThrough(String id, String client, String target, String reason) {
        return decision(
                id,
                client,
                target,
                "\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":false");
    }

    /**
     * A line of that.
     *
     * @param client an address, or {@code address/user}
     */
    private Story decision(String id, String client, String target, String rest) {
        String[] who = client.split("/", 2);
        return event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":{\"address\":\"" + who[0]
                        + "\",\"port\":5,\"user\":" + (who.length > 1 ? "\"" + who[1] + "\"" : "null")
                        + "},\"target\":\""
                        + target + "\"," + rest);
    }

    public Story end(String id, String target, String outcome, long up, long down, Duration open) {
        return end(
                id,
                target,
                outcome,
                up,
                down,
                open,
                "{\"sni\":\"x\",\"alpn\":[],\"versions\":[\"TLSv1.3\"],\"ech\":false}");
    }

    public Story end(String id, String target, String outcome, long up, long down, Duration open, String tls) {
        return event(
                "tunnel",
                "\"id\":\"" + id + "\",\"target\":\"" + target + "\",\"outcome\":\"" + outcome
                        + "\",\"upstream\":{\"address\":\"192.0.2.7\",\"port\":443,\"via\":null},\"tls\":" + tls
                        + ",\"bytes_up\":" + up + ",\"bytes_down\":" + down
                        + ",\"dns_ms\":1,\"connect_ms\":2,\"duration_ms\":" + open.toMillis());
    }

    public Story gap(long lost, String from, String until) {
        return event(
                "gap",
                "\"lost\":" + lost + ",\"from\":\"" + from + "\",\"until\":\"" + until
                        + "\",\"reason\":\"no space left on device\",\"on_failure\":\"refuse\"");
    }

    public AuditReport report() {
        return report(query());
    }

    public AuditReport report(ReportQuery query) {
        return builder(query).build();
    }

    public String written(ReportFormat format) {
        return written(format, query());
    }

    public String written(ReportFormat format, ReportQuery query) {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        format.render(builder(query).build(), printer);
        printer.flush();
        return out.toString();
    }

    private ReportBuilder builder(ReportQuery query) {
        ReportBuilder builder = new ReportBuilder(query);
        TrailCheck check = new TrailCheck(List.of(), new TreeMap<>());
        check.begins(Segment.of(Path.of("trail.jsonl"), Long.MAX_VALUE));
        long number = 0;
        for (String line : lines) {
            // Somewhere in an array, as a reader of files has it.
            byte[] bytes = ("..." + line + "\n").getBytes(UTF_8);
            builder.line(bytes, 3, bytes.length - 1, "trail.jsonl", ++number);
            check.line(bytes, 3, bytes.length - 1, number);
        }
        builder.segment("trail.jsonl", number);
        try {
            builder.verified(TrailVerification.of(check.result(), false, false));
        } catch (TrailException e) {
            // There is no line to verify.
            return builder;
        }
        return builder;
    }
}
