package io.konnectproxy.export;

import io.konnectproxy.parquet.ParquetColumn;
import io.konnectproxy.trail.event.EventReader.EventLine;
import io.konnectproxy.trail.event.HostAndPort;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Place;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An event of the trail as a row of the columns that {@code docs/fleet.md} describes. The names are stable; more may be added at the end. */
final class EventColumns {
    /** The version of the table. It is increased when a column changes its meaning or is removed. */
    static final int VERSION = 1;

    /** A column. Its name is that of the constant in lower case. */
    private enum EventColumn {
        INSTANCE(ParquetColumn.Type.TEXT),
        TRAIL(ParquetColumn.Type.TEXT),
        SEQ(ParquetColumn.Type.LONG),
        TIME(ParquetColumn.Type.TIMESTAMP),
        EVENT(ParquetColumn.Type.TEXT),
        ID(ParquetColumn.Type.TEXT),
        LISTENER(ParquetColumn.Type.TEXT),
        CLIENT_ADDRESS(ParquetColumn.Type.TEXT),
        CLIENT_PORT(ParquetColumn.Type.INT),
        CLIENT_USER(ParquetColumn.Type.TEXT),
        CLIENT_CLAIMED_USER(ParquetColumn.Type.TEXT),
        CLIENT_CERTIFICATE(ParquetColumn.Type.TEXT),
        CLIENT_ENTRY(ParquetColumn.Type.TEXT),
        CLIENT_PEER(ParquetColumn.Type.TEXT),
        TARGET(ParquetColumn.Type.TEXT),
        TARGET_HOST(ParquetColumn.Type.TEXT),
        TARGET_PORT(ParquetColumn.Type.INT),
        VERDICT(ParquetColumn.Type.TEXT),
        REASON(ParquetColumn.Type.TEXT),
        ENFORCED(ParquetColumn.Type.FLAG),
        PURPOSE(ParquetColumn.Type.TEXT),
        REGION(ParquetColumn.Type.TEXT),
        CONTROL_PLANE(ParquetColumn.Type.TEXT),
        RULE(ParquetColumn.Type.TEXT),
        OUTCOME(ParquetColumn.Type.TEXT),
        UPSTREAM_ADDRESS(ParquetColumn.Type.TEXT),
        UPSTREAM_PORT(ParquetColumn.Type.INT),
        PARENT(ParquetColumn.Type.TEXT),
        PARENT_STATUS(ParquetColumn.Type.INT),
        TLS_SNI(ParquetColumn.Type.TEXT),
        TLS_ALPN(ParquetColumn.Type.TEXT),
        TLS_VERSIONS(ParquetColumn.Type.TEXT),
        TLS_ECH(ParquetColumn.Type.FLAG),
        TLS_RESUMES(ParquetColumn.Type.FLAG),
        TLS_HANDSHAKE(ParquetColumn.Type.TEXT),
        TLS_ALERT(ParquetColumn.Type.TEXT),
        BYTES_UP(ParquetColumn.Type.LONG),
        BYTES_DOWN(ParquetColumn.Type.LONG),
        DNS_MS(ParquetColumn.Type.LONG),
        CONNECT_MS(ParquetColumn.Type.LONG),
        DURATION_MS(ParquetColumn.Type.LONG),
        HINT(ParquetColumn.Type.TEXT),
        COUNT(ParquetColumn.Type.LONG),
        REASONS(ParquetColumn.Type.TEXT),
        FROM_TIME(ParquetColumn.Type.TIMESTAMP),
        UNTIL_TIME(ParquetColumn.Type.TIMESTAMP),
        SUBJECT(ParquetColumn.Type.TEXT),
        POLICY_DIGEST(ParquetColumn.Type.TEXT),
        CONFIGURATION_DIGEST(ParquetColumn.Type.TEXT),
        HASH(ParquetColumn.Type.TEXT);

        private final ParquetColumn.Type type;

        EventColumn(ParquetColumn.Type type) {
            this.type = type;
        }

        private ParquetColumn definition() {
            boolean required = this == SEQ || this == TIME || this == EVENT;
            return new ParquetColumn(name().toLowerCase(Locale.ROOT), type, required);
        }
    }

    private static final List<EventColumn> COLUMNS = List.of(EventColumn.values());

    private final Map<EventColumn, Object> values = new EnumMap<>(EventColumn.class);

    private EventColumns() {}

    static List<ParquetColumn> all() {
        return COLUMNS.stream().map(EventColumn::definition).toList();
    }

    static @Nullable Object[] row(EventLine line, Optional<String> instance) {
        EventColumns columns = new EventColumns();
        columns.set(EventColumn.INSTANCE, instance);
        columns.set(EventColumn.TRAIL, line.trail());
        columns.set(EventColumn.SEQ, line.seq());
        columns.set(EventColumn.TIME, line.event().time());
        columns.set(EventColumn.EVENT, line.word());
        columns.set(EventColumn.HASH, line.hash());
        columns.event(line.event());
        return COLUMNS.stream().map(columns.values::get).toArray();
    }

    private void set(EventColumn column, Object value) {
        values.put(column, value);
    }

    private void set(EventColumn column, Optional<?> value) {
        value.ifPresent(present -> values.put(column, present));
    }

    private void event(TrailEvent event) {
        if (event instanceof TrailEvent.Decision decision) {
            decision(decision);
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            tunnel(end);
        } else if (event instanceof TrailEvent.Refusals refusals) {
            refusals(refusals);
        } else if (event instanceof TrailEvent.Policy policy) {
            set(EventColumn.SUBJECT, policy.occasion());
            set(EventColumn.POLICY_DIGEST, policy.digest());
            set(EventColumn.CONFIGURATION_DIGEST, policy.configurationDigest());
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            set(EventColumn.REASON, String.join(" ", refused.problems()));
            set(EventColumn.COUNT, refused.problems().size() + refused.omitted());
        } else if (event instanceof TrailEvent.Start start) {
            set(EventColumn.SUBJECT, start.version());
        } else if (event instanceof TrailEvent.NotStarted failed) {
            set(EventColumn.REASON, failed.reason());
        } else if (event instanceof TrailEvent.Checkpoint checkpoint) {
            set(EventColumn.SUBJECT, checkpoint.key());
        } else if (event instanceof TrailEvent.Incident incident) {
            set(EventColumn.REASON, incident.reason());
            incident(incident);
        }
    }

    private void incident(TrailEvent.Incident incident) {
        if (incident instanceof TrailEvent.Gap gap) {
            set(EventColumn.COUNT, gap.lost());
            period(gap.from(), gap.until());
            set(EventColumn.SUBJECT, gap.served() ? "continue" : "refuse");
        } else if (incident instanceof TrailEvent.MirrorLoss loss) {
            set(EventColumn.COUNT, loss.missed());
            period(loss.from(), loss.until());
            set(EventColumn.SUBJECT, loss.mirror());
        } else if (incident instanceof TrailEvent.Removed removed) {
            set(EventColumn.SUBJECT, removed.file());
        } else if (incident instanceof TrailEvent.Torn torn) {
            set(EventColumn.COUNT, torn.bytes());
            set(EventColumn.SUBJECT, torn.keptAs());
        } else if (incident instanceof TrailEvent.ClockJump jump) {
            period(jump.expected(), jump.counted());
            set(EventColumn.SUBJECT, jump.occasion());
        }
    }

    private void period(long from, long until) {
        set(EventColumn.FROM_TIME, from);
        set(EventColumn.UNTIL_TIME, until);
    }

    private void decision(TrailEvent.Decision decision) {
        set(EventColumn.ID, decision.id());
        set(EventColumn.LISTENER, decision.listener());
        client(decision.client());
        decision.target().ifPresent(this::target);
        set(EventColumn.VERDICT, decision.judgement() == Ruling.PERMITTED ? "permitted" : "refused");
        set(EventColumn.ENFORCED, decision.judgement() != Ruling.LET_THROUGH);
        set(EventColumn.REASON, decision.reason());
        rule(decision.rule(), decision.place());
        set(EventColumn.HINT, decision.hint());
    }

    private void tunnel(TrailEvent.TunnelEnd end) {
        set(EventColumn.ID, end.id());
        set(EventColumn.LISTENER, end.listener());
        end.client().ifPresent(this::client);
        target(end.target());
        rule(end.rule(), end.place());
        set(EventColumn.OUTCOME, end.outcome());
        set(EventColumn.UPSTREAM_ADDRESS, end.upstream().map(TrailEvent.Dialled::address));
        set(EventColumn.UPSTREAM_PORT, end.upstream().map(TrailEvent.Dialled::port));
        set(EventColumn.PARENT, end.via().map(TrailEvent.Via::parent));
        set(EventColumn.PARENT_STATUS, end.via().flatMap(TrailEvent.Via::status));
        end.hello().ifPresent(this::hello);
        set(EventColumn.BYTES_UP, end.bytesUp());
        set(EventColumn.BYTES_DOWN, end.bytesDown());
        set(EventColumn.DNS_MS, end.dnsMillis());
        set(EventColumn.CONNECT_MS, end.connectMillis());
        set(EventColumn.DURATION_MS, end.millis());
        set(EventColumn.HINT, end.hint());
    }

    private void hello(TrailEvent.Hello hello) {
        set(EventColumn.TLS_SNI, hello.serverName());
        set(EventColumn.TLS_ALPN, hello.alpn());
        set(EventColumn.TLS_VERSIONS, hello.versions());
        set(EventColumn.TLS_ECH, hello.ech());
        set(EventColumn.TLS_RESUMES, hello.resumes());
        set(EventColumn.TLS_HANDSHAKE, hello.handshake());
        set(EventColumn.TLS_ALERT, hello.alert());
    }

    private void refusals(TrailEvent.Refusals refusals) {
        set(EventColumn.LISTENER, refusals.listener());
        set(EventColumn.CLIENT_ADDRESS, refusals.client());
        set(EventColumn.VERDICT, "refused");
        set(EventColumn.ENFORCED, true);
        set(EventColumn.COUNT, refusals.count());
        set(EventColumn.REASONS, reasons(refusals.reasons()));
        period(refusals.first(), refusals.last());
    }

    /** {@code {"host_not_konnect":4900,"ip_literal":40}}. A reason that is no token could not stand in it as it is. */
    private static String reasons(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .map(reason -> "\"" + reason.getKey().replaceAll("[^A-Za-z0-9_]", "_") + "\":" + reason.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private void client(RecordedClient client) {
        set(EventColumn.CLIENT_ADDRESS, client.address());
        set(EventColumn.CLIENT_PORT, client.port());
        set(EventColumn.CLIENT_USER, client.exact().user());
        set(EventColumn.CLIENT_CLAIMED_USER, client.claimedUser());
        set(EventColumn.CLIENT_CERTIFICATE, client.exact().certificate());
        set(EventColumn.CLIENT_ENTRY, client.entry());
        set(EventColumn.CLIENT_PEER, client.peer());
    }

    private void target(String target) {
        set(EventColumn.TARGET, target);
        Optional<HostAndPort> server = HostAndPort.of(target);
        set(EventColumn.TARGET_HOST, server.map(HostAndPort::host));
        set(EventColumn.TARGET_PORT, server.map(HostAndPort::port));
    }

    private void rule(Optional<String> rule, Place place) {
        set(EventColumn.RULE, rule);
        set(EventColumn.PURPOSE, place.purpose());
        set(EventColumn.REGION, place.region());
        set(EventColumn.CONTROL_PLANE, place.controlPlane());
    }
}
