package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.support.KongClient;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens while a decision is being recorded, and when it can't be: a tunnel's line only where its decision's is. */
class AuditPendingIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("Internal error, the connection was refused");

    @AutoClose
    private Origin origin;

    @BeforeEach
    void openOrigin() throws IOException {
        origin = Origin.plain(upstream -> upstream.getInputStream().readAllBytes());
    }

    private TunnelRig rig(TestTrail trail) throws Exception {
        return new TunnelRig(trail, TunnelRig.at("127.0.0.1"), origin.port(), "timeouts: {connect: 500ms}\n");
    }

    static Stream<Arguments> leaving() {
        return Stream.of(arguments("closes", false), arguments("resets", true));
    }

    @ParameterizedTest(name = "a client that {0}")
    @MethodSource("leaving")
    void records_the_end_of_a_tunnel_whose_client_left_meanwhile(String how, boolean reset) throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail)) {
            CompletableFuture<Void> decision = askAndLeave(rig, trail, Rig.HOST, reset);
            decision.complete(null);
            Outcome outcome = trail.nextEnd().outcome();
            assertThat(outcome).isEqualTo(reset ? Outcome.Closed.CLIENT_RESET : Outcome.Closed.CLIENT_CLOSED);
            rig.awaitNoConnections();
            assertThat(trail.tunnelEnds()).isEqualTo(1);
            assertThat(trail.decisions()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "a client that {0}")
    @MethodSource("leaving")
    void records_no_end_of_a_tunnel_whose_decision_is_not_recorded(String how, boolean reset) throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail)) {
            CompletableFuture<Void> decision = askAndLeave(rig, trail, Rig.HOST, reset);
            decision.completeExceptionally(new IllegalStateException("disk full"));
            rig.awaitNoConnections();
            rig.drain(Duration.ZERO);
            assertThat(trail.tunnelEnds()).isZero();
        }
        assertThat(origin.accepted()).isZero();
    }

    @ParameterizedTest(name = "a client that {0}")
    @MethodSource("leaving")
    void records_the_refusal_of_a_client_that_left_before_it_was_told(String how, boolean reset) throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail)) {
            CompletableFuture<Void> decision = askAndLeave(rig, trail, "evil.com", reset);
            decision.complete(null);
            rig.awaitNoConnections();
            rig.drain(Duration.ZERO);
            assertThat(trail.decisions()).isEqualTo(1);
            assertThat(trail.tunnelEnds()).isZero();
        }
        assertThat(origin.accepted()).isZero();
    }

    /** A half-close alone is no leaving: the client may still listen. It is a reset that tells at once. */
    private static CompletableFuture<Void> askAndLeave(TunnelRig rig, TestTrail trail, String host, boolean reset)
            throws Exception {
        RawClient client = rig.client();
        client.connect(host);
        CompletableFuture<Void> decision = trail.nextDecision();
        client.socket().setSoLinger(reset, 0);
        client.close();
        if (reset) {
            rig.awaitNoConnections();
        }
        return decision;
    }

    @Test
    void records_a_tunnel_as_drained_when_time_is_up_meanwhile() throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            client.connect(Rig.HOST);
            CompletableFuture<Void> decision = trail.nextDecision();
            CompletableFuture<Void> drained = drainAtOnce(rig);
            decision.completeOnTimeout(null, 500, TimeUnit.MILLISECONDS);
            assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.DRAINED);
            drained.get(5, TimeUnit.SECONDS);
            assertThat(client.atEnd()).isTrue();
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
        assertThat(origin.accepted()).isZero();
    }

    private static CompletableFuture<Void> drainAtOnce(TunnelRig rig) {
        return CompletableFuture.runAsync(() -> {
            try {
                rig.drain(Duration.ZERO);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static Stream<Arguments> brokenTrails() {
        return Stream.of(
                arguments("fails", (Supplier<TestTrail>) TestTrail::failing),
                arguments("throws", (Supplier<TestTrail>) TestTrail::throwing));
    }

    @ParameterizedTest(name = "a trail that {0}")
    @MethodSource("brokenTrails")
    void refuses_a_permitted_request_that_cannot_be_recorded(String how, Supplier<TestTrail> broken) throws Exception {
        TestTrail trail = broken.get();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            Answer answer = client.connect(Rig.HOST).answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.reason()).isEqualTo("audit_unavailable");
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(client.atEnd()).isTrue();
            client.socket().close();
            rig.awaitNoConnections();
            assertThat(trail.tunnelEnds()).isZero();
        }
        assertThat(origin.accepted()).isZero();
    }

    @ParameterizedTest(name = "a trail that {0}")
    @MethodSource("brokenTrails")
    void gives_no_verdict_that_cannot_be_recorded(String how, Supplier<TestTrail> broken) throws Exception {
        TestTrail trail = broken.get();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            Answer answer = client.connect("evil.com").answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.reason()).isEqualTo("audit_unavailable");
            assertThat(client.atEnd()).isTrue();
            assertThat(trail.decisions()).isEqualTo(1);
        }
    }

    @Test
    void does_not_wait_for_ever_for_a_trail_that_says_nothing() throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(5_000);
            Answer answer = client.connect(Rig.HOST).answer();
            assertThat(answer.reason()).isEqualTo("audit_unavailable");
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(origin.accepted()).isZero();
    }

    /** A tunnel whose decision line comes later than the client is willing to be told is a permitted one all the same. */
    @Test
    void records_the_end_when_the_decision_is_recorded_after_all() throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(5_000);
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("audit_unavailable");
            trail.nextDecision().complete(null);
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("audit_unavailable");
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
        assertThat(origin.accepted()).isZero();
    }

    @Test
    void does_not_wait_for_ever_for_a_resolver_that_says_nothing() throws Exception {
        TestTrail trail = TestTrail.taking();
        try (TunnelRig rig = new TunnelRig(trail, TunnelRig.silent(), origin.port(), "timeouts: {connect: 300ms}\n");
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(5_000);
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("dns_timeout");
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("dns_timeout");
        }
    }

    /** However it breaks: a class that can't be loaded is an Error, and no reason to leave a client without an end. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void refuses_when_the_resolver_breaks(String how, BiFunction<TunnelPermit, EventLoop, Future<Resolution>> broken)
            throws Exception {
        TestTrail trail = TestTrail.taking();
        try (TunnelRig rig = new TunnelRig(trail, broken, origin.port(), "");
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(2_000);
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("internal_error");
            assertThat(trail.nextEnd().outcome().token()).isEqualTo("internal_error");
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                resolver(
                        "a failed future",
                        (authority, loop) -> loop.newFailedFuture(new IllegalStateException("broken"))),
                resolver("an exception", (authority, loop) -> {
                    throw new IllegalStateException("broken");
                }),
                resolver("an error", (authority, loop) -> {
                    throw new NoClassDefFoundError("broken");
                }),
                resolver("an error later on", (authority, loop) -> {
                    Promise<Resolution> later = loop.newPromise();
                    loop.schedule(() -> later.setFailure(new NoClassDefFoundError("broken")), 1, TimeUnit.MILLISECONDS);
                    return later;
                }));
    }

    private static Arguments resolver(String how, BiFunction<TunnelPermit, EventLoop, Future<Resolution>> resolver) {
        return arguments(how, resolver);
    }

    /** Kong waits five seconds for an answer; until shortly before that, a slow disk costs nobody the reason. */
    @Test
    void tells_a_refused_client_the_reason_as_long_as_it_waits() throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            client.connect("evil.com");
            CompletableFuture<Void> decision = trail.nextDecision();
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(() -> decision.complete(null));
            assertThat(client.answer().reason()).isEqualTo("host_not_konnect");
        }
    }

    @Test
    void tells_a_refused_client_in_time_that_the_trail_says_nothing() throws Exception {
        TestTrail trail = TestTrail.waiting();
        try (TunnelRig rig = rig(trail);
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(KongClient.STEP_MILLIS);
            assertThat(client.connect("evil.com").answer().reason()).isEqualTo("audit_unavailable");
            trail.nextDecision().complete(null);
            assertThat(client.atEnd()).isTrue();
            client.socket().close();
            rig.awaitNoConnections();
        }
    }

    /** First in the decision, then at the tunnel's end: a failure while a failure is being dealt with. */
    @ParameterizedTest
    @CsvSource({"0, exception", "1, exception", "0, error", "1, error"})
    void closes_the_connection_when_not_even_a_refusal_can_be_made(int instantsThatWork, String kind) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        TestTrail trail = TestTrail.taking();
        try (TunnelRig rig =
                        new TunnelRig(trail, TunnelRig.silent(), origin.port(), "timeouts: {connect: 300ms}\n", () -> {
                            if (asked.getAndIncrement() < instantsThatWork) {
                                return Instant.EPOCH;
                            }
                            if (kind.equals("error")) {
                                throw new NoClassDefFoundError("no clock");
                            }
                            throw new IllegalStateException("no clock");
                        });
                RawClient client = rig.client()) {
            client.socket().setSoTimeout(5_000);
            assertThat(client.connect(Rig.HOST).rest()).isEmpty();
            rig.awaitNoConnections();
        }
        assertThat(origin.accepted()).isZero();
    }

    /** Whoever ends the proxy at once does not make it look as if the clients had left. */
    @Test
    void records_tunnels_that_are_closed_at_once_as_drained() throws Exception {
        TestTrail trail = TestTrail.taking();
        try (TunnelRig rig = new TunnelRig(
                        trail, (authority, loop) -> GlobalEventExecutor.INSTANCE.newPromise(), origin.port(), "");
                RawClient client = rig.client()) {
            client.connect(Rig.HOST);
            trail.nextDecision();
            rig.server().close();
            assertThat(trail.nextEnd().outcome()).isEqualTo(Outcome.Closed.DRAINED);
            assertThat(trail.tunnelEnds()).isEqualTo(1);
        }
    }
}
