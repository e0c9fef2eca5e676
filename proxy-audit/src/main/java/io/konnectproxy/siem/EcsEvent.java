package io.konnectproxy.siem;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.EventReader.EventLine;
import io.konnectproxy.trail.event.HostAndPort;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An event of the trail in the Elastic Common Schema. What the schema has no field for is under {@code labels}. */
final class EcsEvent {
    static final String VERSION = "9.4.0";

    private static final long MILLI_NANOS = 1_000_000;
    private static final long MILLI_MICROS = 1_000;

    private final JsonTree json = new JsonTree();
    private final List<String> addresses = new ArrayList<>();
    private final EventLine line;

    private EcsEvent(EventLine line) {
        this.line = line;
    }

    static String of(EventLine line, Optional<String> instance) {
        EcsEvent event = new EcsEvent(line);
        event.common(instance);
        event.specific();
        if (!event.addresses.isEmpty()) {
            event.json.put("related.ip", List.copyOf(event.addresses));
        }
        return event.json.text();
    }

    private void common(Optional<String> instance) {
        json.put("@timestamp", Micros.text(line.event().time()))
                .put("ecs.version", VERSION)
                .put("event.kind", "event")
                .put("event.dataset", "konnect_proxy.audit")
                .put("event.module", "konnect_proxy")
                .put("event.action", line.word())
                .put("event.id", line.trail().map(trail -> trail + "-" + line.seq()))
                .put("event.sequence", line.seq())
                .put("event.hash", line.hash())
                .put("observer.name", instance)
                .put("observer.type", "proxy")
                .put("observer.product", "Konnect egress proxy")
                .put("labels.trail", line.trail());
    }

    private void specific() {
        TrailEvent event = line.event();
        if (event instanceof TrailEvent.Decision decision) {
            decision(decision);
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            tunnel(end);
        } else if (event instanceof TrailEvent.Refusals refusals) {
            refusals(refusals);
        } else if (event instanceof TrailEvent.Start start) {
            json.put("observer.version", start.version());
            kind("process", "start").put("event.outcome", "success");
        } else if (event instanceof TrailEvent.NotStarted failed) {
            kind("process", "start").put("event.outcome", "failure").put("event.reason", failed.reason());
        } else if (event instanceof TrailEvent.Drain) {
            kind("process", "change");
        } else if (event instanceof TrailEvent.Stop) {
            kind("process", "end").put("event.outcome", "success");
        } else if (event instanceof TrailEvent.Policy policy) {
            kind("configuration", policy.isReload() ? "change" : "info")
                    .put("event.outcome", "success")
                    .put("labels.occasion", policy.occasion())
                    .put("labels.policy_digest", policy.digest())
                    .put("labels.configuration_digest", policy.configurationDigest());
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            kind("configuration", "change")
                    .put("event.outcome", "failure")
                    .put("event.reason", String.join(" ", refused.problems()));
        } else if (event instanceof TrailEvent.Incident incident) {
            json.put("event.type", List.of(incident instanceof TrailEvent.Removed ? "info" : "error"))
                    .put("event.reason", incident.reason())
                    .put("message", incident.words());
        } else {
            json.put("event.type", List.of("info"));
        }
    }

    private JsonTree kind(String category, String... types) {
        return json.put("event.category", List.of(category)).put("event.type", List.of(types));
    }

    private void decision(TrailEvent.Decision decision) {
        boolean through = decision.judgement() != Ruling.REFUSED;
        kind("network", "connection", through ? "allowed" : "denied")
                .put("event.outcome", through ? "success" : "failure")
                .put("event.reason", decision.reason())
                .put("labels.verdict", decision.judgement() == Ruling.PERMITTED ? "permitted" : "refused")
                .put("labels.enforced", String.valueOf(decision.judgement() != Ruling.LET_THROUGH));
        request(decision.id(), decision.listener());
        client(decision.client());
        decision.target().filter(text -> !text.isEmpty()).ifPresent(this::destination);
        rule(decision.rule(), decision.place());
        json.put("message", decision.hint());
    }

    private void tunnel(TrailEvent.TunnelEnd end) {
        Ending ending = Ending.of(end.outcome());
        kind("network", ending == Ending.CUT ? List.of("connection", "end", "denied") : List.of("connection", "end"))
                .put("event.outcome", ending.wasOpen() ? "success" : "failure")
                .put("event.reason", end.outcome())
                .put("event.start", Micros.text(end.time() - end.millis() * MILLI_MICROS))
                .put("event.end", Micros.text(end.time()))
                .put("event.duration", end.millis() * MILLI_NANOS);
        request(end.id(), end.listener());
        end.client().ifPresent(this::client);
        destination(end.target());
        // The address of a parent is not that of the destination.
        end.upstream().ifPresent(dialled -> {
            if (end.via().isEmpty()) {
                address("destination", dialled.address());
            } else {
                json.put("labels.parent_address", dialled.address());
            }
        });
        end.via()
                .ifPresent(via -> json.put("labels.parent", via.parent())
                        .put("labels.parent_status", via.status().map(String::valueOf)));
        rule(end.rule(), end.place());
        json.put("source.bytes", end.bytesUp())
                .put("destination.bytes", end.bytesDown())
                .put("network.bytes", end.bytesUp() + end.bytesDown());
        end.hello().ifPresent(this::hello);
        json.put("message", end.hint());
    }

    private void hello(TrailEvent.Hello hello) {
        json.put("tls.client.server_name", hello.serverName())
                .put("tls.established", hello.handshake().map(state -> state.equals("completed")))
                .put("labels.tls_handshake", hello.handshake())
                .put("labels.tls_alert", hello.alert())
                .put("labels.tls_versions", hello.versions())
                .put("labels.tls_alpn", hello.alpn())
                .put("labels.tls_ech", String.valueOf(hello.ech()))
                .put("labels.tls_resumes", String.valueOf(hello.resumes()));
    }

    private void refusals(TrailEvent.Refusals refusals) {
        kind("network", "connection", "denied")
                .put("event.outcome", "failure")
                .put("event.start", Micros.text(refusals.first()))
                .put("event.end", Micros.text(refusals.last()))
                .put("labels.verdict", "refused")
                .put("labels.count", String.valueOf(refusals.count()))
                .put("labels.reasons", reasons(refusals.reasons()))
                .put("labels.listener", refusals.listener());
        refusals.client().ifPresent(client -> {
            json.put("source.address", client).put("client.address", client);
            address("source", client);
            address("client", client);
        });
        outbound();
    }

    private static String reasons(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .map(reason -> reason.getKey() + "=" + reason.getValue())
                .collect(Collectors.joining(" "));
    }

    private void request(String id, Optional<String> listener) {
        json.put("transaction.id", id).put("labels.listener", listener);
        outbound();
    }

    private void outbound() {
        json.put("network.transport", "tcp").put("network.direction", "outbound");
    }

    private void client(RecordedClient client) {
        for (String side : List.of("source", "client")) {
            json.put(side + ".address", client.address()).put(side + ".port", client.port());
            address(side, client.address());
        }
        Optional<String> user = client.exact().user();
        json.put("user.name", user)
                .put("related.user", user.map(List::of))
                .put("labels.claimed_user", client.claimedUser())
                .put("labels.certificate", client.exact().certificate())
                .put("labels.entry", client.entry())
                .put("labels.peer", client.peer());
    }

    private void destination(String target) {
        json.put("destination.address", target);
        HostAndPort.of(target).ifPresent(server -> {
            json.put("destination.port", server.port());
            if (server.isAddress()) {
                address("destination", server.host());
            } else {
                json.put("destination.domain", server.host()).put("related.hosts", List.of(server.host()));
            }
        });
    }

    /** Receivers refuse a whole event where an address is none. */
    private void address(String side, String address) {
        if (AddressText.read(address).isPresent()) {
            json.put(side + ".ip", address);
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
    }

    private void rule(Optional<String> rule, Place place) {
        json.put("rule.name", rule)
                .put("rule.category", place.purpose())
                .put("labels.region", place.region())
                .put("labels.control_plane", place.controlPlane());
    }

    private JsonTree kind(String category, List<String> types) {
        return kind(category, types.toArray(String[]::new));
    }
}
