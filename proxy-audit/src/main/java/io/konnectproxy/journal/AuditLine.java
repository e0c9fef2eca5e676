package io.konnectproxy.journal;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.CutText;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.trail.event.Micros;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * One record as one line of JSON in printable ASCII, in the form of {@code config/audit-line.schema.json}. The order of
 * the fields is part of the form. Thread-safe.
 */
final class AuditLine {
    /** The {@code v} of every line. It is increased when a field changes its meaning or is removed. */
    private static final int VERSION = 2;

    /**
     * The longest claimed user name. Any client can send one, and the computed growth of the trail relies on the length
     * of refusal lines.
     */
    private static final int MAX_CLAIM = 64;

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new ControlEscapes())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private AuditLine() {}

    /**
     * Appends the record as a JSON object; {@link Batch} adds the fields of the hash chain. If it throws, the caller
     * must cut what it has written.
     */
    static void append(String trail, long seq, AuditRecord record, LineBuffer out) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("v", VERSION);
            json.writeStringProperty("trail", trail);
            json.writeNumberProperty("seq", seq);
            json.writeStringProperty("time", text(record.time()));
            if (record instanceof AuditRecord.Decision decision) {
                json.writeStringProperty("event", "decision");
                decision(json, decision);
            } else if (record instanceof AuditRecord.TunnelEnd end) {
                json.writeStringProperty("event", "tunnel");
                tunnel(json, end);
            } else if (record instanceof AuditRecord.Refusals refusals) {
                json.writeStringProperty("event", "refusals");
                refusals(json, refusals);
            } else {
                OwnLine.write(json, record);
            }
            json.writeEndObject();
        }
    }

    /** UTC with microseconds, as in every line. */
    static String text(Instant time) {
        return Micros.text(Micros.of(time));
    }

    private static void decision(JsonGenerator json, AuditRecord.Decision decision) {
        json.writeStringProperty("id", decision.id());
        json.writeStringProperty("listener", decision.listener());
        json.writeName("client");
        client(json, decision.client(), decision.entry(), decision.claimedUser());
        json.writeStringProperty(
                "target", decision.target().map(AskedTarget::text).orElse(null));
        if (decision.target().map(AskedTarget::truncated).orElse(false)) {
            json.writeBooleanProperty("truncated", true);
        }
        verdict(json, decision.verdict());
        hint(json, decision.hint());
    }

    private static void refusals(JsonGenerator json, AuditRecord.Refusals refusals) {
        json.writeName("client");
        if (refusals.client().isPresent()) {
            client(json, refusals.client().get());
        } else {
            json.writeNull();
        }
        json.writeStringProperty("listener", refusals.listener().orElse(null));
        json.writeNumberProperty("count", refusals.count());
        json.writeName("reasons");
        json.writeStartObject();
        refusals.reasons().forEach((refusal, count) -> json.writeNumberProperty(refusal.token(), count));
        json.writeEndObject();
        json.writeStringProperty("first", text(refusals.first()));
        json.writeStringProperty("last", text(refusals.last()));
    }

    /** A network has its own field, because readers expect an address in {@code address}. */
    private static void client(JsonGenerator json, AuditRecord.Refusals.CountedClient client) {
        String address = AddressText.of(client.address());
        json.writeStartObject();
        if (client.network()) {
            json.writeStringProperty("network", address + "/" + ClientNetwork.IPV6_PREFIX);
        } else {
            json.writeStringProperty("address", address);
        }
        json.writeEndObject();
    }

    private static void verdict(JsonGenerator json, Verdict verdict) {
        if (verdict instanceof Verdict.Permitted permitted) {
            json.writeStringProperty("verdict", "permitted");
            json.writeStringProperty("reason", permitted.permit().rule().reason());
            json.writeName("rule");
            rule(json, permitted.permit().rule());
            json.writeBooleanProperty("enforced", true);
            return;
        }
        boolean enforced = verdict instanceof Verdict.Refused;
        Verdict.Refused refused =
                verdict instanceof Verdict.Unenforced unenforced ? unenforced.refused() : (Verdict.Refused) verdict;
        json.writeStringProperty("verdict", "refused");
        json.writeStringProperty("reason", refused.refusal().token());
        json.writeNullProperty("rule");
        json.writeBooleanProperty("enforced", enforced);
    }

    private static void rule(JsonGenerator json, Rule rule) {
        json.writeStartObject();
        if (rule instanceof Rule.KonnectRule konnect) {
            KonnectMatch match = konnect.match();
            json.writeStringProperty("purpose", match.host().purpose().name());
            json.writeStringProperty("region", text(match.host().region()));
            json.writeStringProperty("pattern", match.host().pattern().toString());
            json.writeStringProperty("control_plane", text(match.controlPlane()));
        } else if (rule instanceof Rule.ExtraHostRule extra) {
            ExtraHost host = extra.extraHost();
            json.writeStringProperty("extra_host", host.name());
            json.writeStringProperty("host", host.host().toString());
        } else {
            throw new IllegalArgumentException("a permitted verdict without a rule that permits");
        }
        json.writeEndObject();
    }

    private static void tunnel(JsonGenerator json, AuditRecord.TunnelEnd end) {
        json.writeStringProperty("id", end.id());
        json.writeStringProperty("listener", end.requester().listener());
        json.writeName("client");
        client(json, end.requester().client(), end.requester().entry(), Optional.empty());
        json.writeStringProperty("target", CutText.of(end.target()));
        json.writeName("rule");
        if (end.rule() instanceof Rule.UnenforcedRule) {
            json.writeNull();
        } else {
            rule(json, end.rule());
        }
        json.writeStringProperty("outcome", end.outcome().token());
        json.writeName("upstream");
        if (end.upstream().isPresent()) {
            upstream(json, end.upstream().get());
        } else {
            json.writeNull();
        }
        json.writeName("tls");
        if (end.hello().isPresent()) {
            hello(json, end.hello().get(), end.handshake());
        } else {
            json.writeNull();
        }
        json.writeNumberProperty("bytes_up", end.bytesUp());
        json.writeNumberProperty("bytes_down", end.bytesDown());
        millis(json, "dns_ms", end.dns());
        millis(json, "connect_ms", end.connect());
        millis(json, "duration_ms", Optional.of(end.duration()));
        hint(json, end.hint());
    }

    private static void hello(JsonGenerator json, AuditRecord.Hello hello, AuditRecord.Handshake handshake) {
        json.writeStartObject();
        json.writeStringProperty("sni", hello.serverName().map(CutText::of).orElse(null));
        items(json, "alpn", hello.alpn());
        items(json, "versions", hello.versions());
        json.writeBooleanProperty("ech", hello.ech());
        json.writeBooleanProperty("resumes", hello.resumes());
        json.writeStringProperty("handshake", handshake.end().token());
        if (handshake.alert().isPresent()) {
            json.writeStringProperty("alert", handshake.alert().get());
        }
        if (hello.alpnCut()) {
            json.writeBooleanProperty("truncated", true);
        }
        json.writeEndObject();
    }

    private static void items(JsonGenerator json, String name, List<String> items) {
        json.writeName(name);
        json.writeStartArray();
        for (String item : items) {
            json.writeString(item);
        }
        json.writeEndArray();
    }

    private static void client(
            JsonGenerator json, Client client, Optional<String> entry, Optional<String> claimedUser) {
        json.writeStartObject();
        endpoint(json, client.address());
        json.writeStringProperty("user", client.user().map(CutText::of).orElse(null));
        if (claimedUser.isPresent()) {
            json.writeStringProperty("claimed_user", CutText.of(claimedUser.get(), MAX_CLAIM));
        }
        if (!client.certificateNames().isEmpty()) {
            json.writeStringProperty(
                    "certificate", CutText.of(client.certificateNames().get(0)));
        }
        if (entry.isPresent()) {
            json.writeStringProperty("entry", entry.get());
        }
        if (client.peer().isPresent()) {
            json.writeName("peer");
            json.writeStartObject();
            endpoint(json, client.peer().get());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void upstream(JsonGenerator json, AuditRecord.Upstream upstream) {
        json.writeStartObject();
        endpoint(json, upstream.address());
        json.writeStringProperty(
                "via", upstream.via().map(via -> CutText.of(via.parent())).orElse(null));
        if (upstream.via().isPresent()) {
            AuditRecord.Via via = upstream.via().get();
            json.writeStringProperty("asked", CutText.of(via.asked()));
            if (via.status().isPresent()) {
                json.writeNumberProperty("status", via.status().getAsInt());
            }
        }
        json.writeEndObject();
    }

    private static void endpoint(JsonGenerator json, InetSocketAddress endpoint) {
        InetAddress address = endpoint.getAddress();
        json.writeStringProperty(
                "address", address == null ? CutText.of(endpoint.getHostString()) : AddressText.of(address));
        json.writeNumberProperty("port", endpoint.getPort());
    }

    private static void millis(JsonGenerator json, String name, Optional<Duration> time) {
        if (time.isPresent()) {
            json.writeNumberProperty(name, time.get().toMillis());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void hint(JsonGenerator json, Optional<String> hint) {
        if (hint.isPresent()) {
            json.writeStringProperty("hint", CutText.of(hint.get()));
        }
    }

    private static @Nullable String text(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }
}
