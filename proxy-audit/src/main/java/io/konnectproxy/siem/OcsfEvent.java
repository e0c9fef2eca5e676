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
import java.util.List;
import java.util.Optional;

/**
 * An event of the trail in the Open Cybersecurity Schema Framework. What the schema has no attribute for is under {@code unmapped}. The
 * numbers are those of the schema.
 */
final class OcsfEvent {
    static final String VERSION = "1.8.0";

    private static final String PRODUCT = "Konnect egress proxy";

    private static final int BASE_EVENT = 0;
    private static final int NETWORK_ACTIVITY = 4001;
    private static final int APPLICATION_LIFECYCLE = 6002;
    private static final int CLASSES_A_CATEGORY = 1000;
    private static final int ACTIVITIES_A_CLASS = 100;

    private static final int OPEN = 1;
    private static final int CLOSE = 2;
    private static final int RESET = 3;
    private static final int FAIL = 4;
    private static final int REFUSE = 5;
    private static final int START = 3;
    private static final int STOP = 4;
    private static final int OTHER = 99;

    private static final int INFORMATIONAL = 1;
    private static final int LOW = 2;
    private static final int MEDIUM = 3;

    private static final int SUCCESS = 1;
    private static final int FAILURE = 2;

    private static final int OUTBOUND = 2;
    private static final int TCP = 6;

    private static final long MILLI_MICROS = 1_000;

    private final JsonTree json = new JsonTree();
    private final EventLine line;

    /** What a security control did about a connection. */
    private enum Control {
        ALLOWED(1, 1),
        BLOCKED(2, 2),
        /** Report-only: logged, and let through. */
        OBSERVED(3, 17),
        REVOKED(2, 24);

        private final int action;
        private final int disposition;

        Control(int action, int disposition) {
            this.action = action;
            this.disposition = disposition;
        }
    }

    private OcsfEvent(EventLine line) {
        this.line = line;
    }

    static String of(EventLine line, Optional<String> instance) {
        OcsfEvent event = new OcsfEvent(line);
        event.specific(instance);
        event.common(instance);
        return event.json.text();
    }

    private void common(Optional<String> instance) {
        json.put("time", millis(line.event().time()))
                .put("timezone_offset", 0)
                .put("metadata.version", VERSION)
                .put("metadata.product.name", PRODUCT)
                .put("metadata.uid", line.trail().map(trail -> trail + "-" + line.seq()))
                .put("metadata.event_code", line.word())
                .put("metadata.log_name", "audit")
                .put("metadata.original_time", Micros.text(line.event().time()))
                .put("unmapped.trail", line.trail())
                .put("unmapped.seq", line.seq())
                .put("unmapped.hash", line.hash());
        instance.ifPresent(name ->
                json.put("device.hostname", name).put("device.type_id", OTHER).put("device.type", "Proxy"));
    }

    private void specific(Optional<String> instance) {
        TrailEvent event = line.event();
        if (event instanceof TrailEvent.Decision decision) {
            decision(decision, instance);
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            tunnel(end, instance);
        } else if (event instanceof TrailEvent.Refusals refusals) {
            refusals(refusals, instance);
        } else if (event instanceof TrailEvent.Start start) {
            lifecycle(START, SUCCESS).put("app.version", start.version());
        } else if (event instanceof TrailEvent.NotStarted failed) {
            lifecycle(START, FAILURE).put("status_detail", failed.reason());
        } else if (event instanceof TrailEvent.Drain) {
            lifecycle(OTHER, SUCCESS).put("activity_name", "Drain");
        } else if (event instanceof TrailEvent.Stop) {
            lifecycle(STOP, SUCCESS);
        } else if (event instanceof TrailEvent.Policy policy) {
            lifecycle(OTHER, SUCCESS)
                    .put("activity_name", "Configuration")
                    .put("unmapped.occasion", policy.occasion())
                    .put("unmapped.policy_digest", policy.digest())
                    .put("unmapped.configuration_digest", policy.configurationDigest());
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            lifecycle(OTHER, FAILURE)
                    .put("activity_name", "Configuration")
                    .put("status_detail", String.join(" ", refused.problems()));
        } else if (event instanceof TrailEvent.Incident incident) {
            kind(BASE_EVENT, OTHER, incident instanceof TrailEvent.Removed ? INFORMATIONAL : MEDIUM, "host")
                    .put("activity_name", line.word())
                    .put("message", incident.words())
                    .put("status_detail", incident.reason());
        } else {
            kind(BASE_EVENT, OTHER, INFORMATIONAL, "host").put("activity_name", line.word());
        }
    }

    private JsonTree kind(int type, int activity, int severity, String... profiles) {
        return json.put("class_uid", type)
                .put("category_uid", type / CLASSES_A_CATEGORY)
                .put("activity_id", activity)
                .put("type_uid", type * ACTIVITIES_A_CLASS + activity)
                .put("severity_id", severity)
                .put("metadata.profiles", List.of(profiles));
    }

    private JsonTree lifecycle(int activity, int status) {
        return kind(APPLICATION_LIFECYCLE, activity, status == SUCCESS ? INFORMATIONAL : MEDIUM, "host")
                .put("status_id", status)
                .put("app.name", PRODUCT);
    }

    private JsonTree network(int activity, int severity, int status, Optional<String> instance) {
        instance.ifPresent(name -> json.put("proxy_endpoint.name", name));
        return kind(NETWORK_ACTIVITY, activity, severity, "host", "network_proxy", "security_control")
                .put("status_id", status)
                .put("connection_info.direction_id", OUTBOUND)
                .put("connection_info.protocol_name", "tcp")
                .put("connection_info.protocol_num", TCP);
    }

    private void control(Control control) {
        json.put("action_id", control.action).put("disposition_id", control.disposition);
    }

    private void decision(TrailEvent.Decision decision, Optional<String> instance) {
        Ruling ruling = decision.judgement();
        boolean refused = ruling == Ruling.REFUSED;
        network(
                        refused ? REFUSE : OPEN,
                        ruling == Ruling.PERMITTED ? INFORMATIONAL : LOW,
                        refused ? FAILURE : SUCCESS,
                        instance)
                .put("status_code", decision.reason())
                .put("status_detail", decision.hint())
                .put("connection_info.uid", decision.id());
        control(refused ? Control.BLOCKED : ruling == Ruling.PERMITTED ? Control.ALLOWED : Control.OBSERVED);
        listener(decision.listener());
        client(decision.client());
        decision.target().filter(text -> !text.isEmpty()).ifPresent(this::destination);
        rule(decision.rule(), decision.place());
    }

    private void tunnel(TrailEvent.TunnelEnd end, Optional<String> instance) {
        Ending ending = Ending.of(end.outcome());
        network(
                        activity(end.outcome(), ending),
                        ending.wasOpen() ? INFORMATIONAL : LOW,
                        ending.wasOpen() ? SUCCESS : FAILURE,
                        instance)
                .put("status_code", end.outcome())
                .put("status_detail", end.hint())
                .put("connection_info.uid", end.id())
                .put("start_time", millis(end.time()) - end.millis())
                .put("end_time", millis(end.time()))
                .put("duration", end.millis());
        if (end.outcome().equals("policy_changed")) {
            control(Control.REVOKED);
        } else if (ending == Ending.CUT) {
            control(Control.BLOCKED);
        } else if (ending.wasOpen()) {
            control(Control.ALLOWED);
        }
        listener(end.listener());
        end.client().ifPresent(this::client);
        destination(end.target());
        end.upstream().ifPresent(dialled -> {
            if (end.via().isEmpty()) {
                address("dst_endpoint.ip", dialled.address());
            } else if (AddressText.read(dialled.address()).isPresent()) {
                json.put("dst_endpoint.intermediate_ips", List.of(dialled.address()));
            }
        });
        end.via()
                .ifPresent(
                        via -> json.put("unmapped.parent", via.parent()).put("unmapped.parent_status", via.status()));
        rule(end.rule(), end.place());
        json.put("traffic.bytes_out", end.bytesUp())
                .put("traffic.bytes_in", end.bytesDown())
                .put("traffic.bytes", end.bytesUp() + end.bytesDown());
        end.hello().ifPresent(this::hello);
    }

    private static long millis(long micros) {
        return Math.floorDiv(micros, MILLI_MICROS);
    }

    private static int activity(String outcome, Ending ending) {
        if (ending == Ending.NEVER_OPEN) {
            return FAIL;
        }
        return ending == Ending.CUT || outcome.endsWith("_reset") ? RESET : CLOSE;
    }

    /** The versions are those that the client offered: which one was agreed on is not known, and the schema asks for that one. */
    private void hello(TrailEvent.Hello hello) {
        json.put("unmapped.tls.sni", hello.serverName())
                .put("unmapped.tls.alpn", hello.alpn())
                .put("unmapped.tls.versions", hello.versions())
                .put("unmapped.tls.ech", hello.ech())
                .put("unmapped.tls.resumes", hello.resumes())
                .put("unmapped.tls.handshake", hello.handshake())
                .put("unmapped.tls.alert", hello.alert());
    }

    private void refusals(TrailEvent.Refusals refusals, Optional<String> instance) {
        network(REFUSE, LOW, FAILURE, instance)
                .put("count", refusals.count())
                .put("start_time", millis(refusals.first()))
                .put("end_time", millis(refusals.last()));
        control(Control.BLOCKED);
        listener(refusals.listener());
        String client = refusals.client().orElse("several clients");
        json.put("src_endpoint.name", client);
        address("src_endpoint.ip", client);
        JsonTree reasons = new JsonTree();
        refusals.reasons().forEach(reasons::member);
        json.put("unmapped.reasons", reasons);
    }

    private void listener(Optional<String> listener) {
        listener.flatMap(HostAndPort::of).ifPresent(local -> {
            address("proxy_endpoint.ip", local.host());
            json.put("proxy_endpoint.port", local.port());
        });
    }

    private void client(RecordedClient client) {
        json.put("src_endpoint.name", client.address()).put("src_endpoint.port", client.port());
        address("src_endpoint.ip", client.address());
        json.put("actor.user.name", client.exact().user())
                .put("unmapped.claimed_user", client.claimedUser())
                .put("unmapped.certificate", client.exact().certificate())
                .put("unmapped.entry", client.entry())
                .put("unmapped.peer", client.peer());
    }

    private void destination(String target) {
        json.put("dst_endpoint.name", target);
        HostAndPort.of(target).ifPresent(server -> {
            json.put("dst_endpoint.port", server.port());
            if (server.isAddress()) {
                address("dst_endpoint.ip", server.host());
            } else {
                json.put("dst_endpoint.hostname", server.host());
            }
        });
    }

    private void address(String path, String address) {
        if (AddressText.read(address).isPresent()) {
            json.put(path, address);
        }
    }

    private void rule(Optional<String> rule, Place place) {
        json.put("firewall_rule.name", rule)
                .put("firewall_rule.category", place.purpose())
                .put("unmapped.region", place.region())
                .put("unmapped.control_plane", place.controlPlane());
    }
}
