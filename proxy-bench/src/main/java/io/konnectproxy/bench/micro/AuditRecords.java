package io.konnectproxy.bench.micro;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.target.ConnectTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The two records of a permitted tunnel, as the tunnel path makes them. */
public final class AuditRecords {
    private static final Instant TIME = Instant.parse("2026-11-22T18:00:00.123456789Z");
    private static final String ID = "0d8c2f7a41-1";
    private static final String HOST = Hellos.HOST;

    private AuditRecords() {}

    public static AuditRecord decision() {
        String target = HOST + ":443";
        return new AuditRecord.Decision(
                TIME,
                ID,
                "127.0.0.1:3128",
                Policies.CLIENT,
                Optional.empty(),
                Optional.empty(),
                Optional.of(AskedTarget.of(target, true)),
                new Verdict.Permitted(permit()),
                Optional.empty());
    }

    private static TunnelPermit permit() {
        Verdict verdict = Policies.plain()
                .decide(Policies.CLIENT, ConnectTarget.parse(HOST + ":443"))
                .verdict();
        return ((Verdict.Permitted) verdict).permit();
    }

    public static AuditRecord tunnelEnd() {
        return new AuditRecord.TunnelEnd(
                TIME,
                ID,
                new AuditRecord.Requester("127.0.0.1:3128", Policies.CLIENT, Optional.empty()),
                HOST + ":443",
                permit().rule(),
                Outcome.Closed.CLIENT_CLOSED,
                Optional.of(new AuditRecord.Upstream(Policies.address("35.162.14.7", 443), Optional.empty())),
                Optional.of(new AuditRecord.Hello(
                        Optional.of(HOST), List.of(), false, List.of("TLSv1.3", "TLSv1.2"), false, false)),
                new AuditRecord.Handshake(AuditRecord.Handshake.HandshakeEnd.COMPLETED, Optional.empty()),
                123_456,
                7_890_123,
                Optional.of(Duration.ofMillis(3)),
                Optional.of(Duration.ofMillis(41)),
                Duration.ofMinutes(17),
                Optional.empty());
    }
}
