package io.konnectproxy.server.dns;

import static io.konnectproxy.server.dns.ResolverRig.PATIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.LogCapture;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long the resolver remembers, over real datagrams and with a clock of the test. */
@Timeout(60)
class ResolverCacheTest {
    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.server.dns").expecting("DNS ");

    private static final String NAME = "us.api.konghq.com";
    private static final StandInAnswer OLD = DnsAnswers.lasting(Duration.ofSeconds(20), "52.0.0.1");
    private static final StandInAnswer NEW = StandInAnswer.of("52.0.0.2");

    @Test
    void remembers_as_long_as_the_answer_lives() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, OLD)) {
            bench.resolve(NAME);
            bench.answering(NAME, NEW).pass(Duration.ofSeconds(20).minusNanos(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            bench.pass(Duration.ofNanos(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
            assertThat(bench.asked.times(NAME)).isEqualTo(2);
        }
    }

    @Test
    void remembers_for_a_second_what_should_not_be_remembered() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, DnsAnswers.lasting(Duration.ZERO, "52.0.0.1"))) {
            bench.resolve(NAME);
            bench.answering(NAME, NEW).pass(Duration.ofMillis(999));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            bench.pass(Duration.ofMillis(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
        }
    }

    @Test
    void remembers_nothing_for_more_than_an_hour() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, DnsAnswers.lasting(Duration.ofDays(7), "52.0.0.1"))) {
            bench.resolve(NAME);
            bench.answering(NAME, NEW).pass(Duration.ofHours(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
        }
    }

    @Test
    void remembers_briefly_that_a_name_is_not_there() throws Exception {
        try (var bench = new ResolverRig(PATIENT)) {
            assertThat(bench.said(NAME)).isEqualTo("dns_not_found");
            bench.answering(NAME, NEW).pass(Duration.ofSeconds(5).minusNanos(1));
            assertThat(bench.said(NAME)).isEqualTo("dns_not_found");
            assertThat(bench.asked.times(NAME)).isEqualTo(1);
            bench.pass(Duration.ofNanos(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
        }
    }

    @Test
    void asks_again_a_second_after_a_failure() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, DnsAnswers.serverFailure())) {
            assertThat(bench.said(NAME)).isEqualTo("dns_failed");
            bench.answering(NAME, NEW);
            assertThat(bench.said(NAME)).isEqualTo("dns_failed");
            bench.pass(Duration.ofSeconds(1));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
        }
    }

    @Test
    void old_addresses_serve_while_the_resolver_fails() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, OLD)) {
            bench.resolve(NAME);
            assertThat(bench.resolver.staleAnswers()).isZero();
            bench.answering(NAME, DnsAnswers.serverFailure()).pass(Duration.ofSeconds(20));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            assertThat(bench.asked.times(NAME))
                    .as("not asked with each request")
                    .isEqualTo(2);
            assertThat(bench.resolver.staleAnswers()).isEqualTo(2);
            bench.answering(NAME, NEW).pass(Duration.ofSeconds(5));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.2");
            assertThat(bench.resolver.staleAnswers()).isEqualTo(2);
        }
    }

    @Test
    void old_addresses_serve_while_the_resolver_is_silent() throws Exception {
        try (var bench = new ResolverRig(Duration.ofSeconds(1)).answering(NAME, OLD)) {
            bench.resolve(NAME);
            bench.answering(NAME, StandInAnswer.silence()).pass(Duration.ofSeconds(20));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
        }
    }

    @Test
    void old_addresses_serve_for_ten_minutes_at_most() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, OLD)) {
            bench.resolve(NAME);
            bench.answering(NAME, DnsAnswers.serverFailure()).pass(Duration.ofSeconds(20 + 10 * 60 - 2));
            assertThat(bench.said(NAME)).isEqualTo("52.0.0.1");
            bench.pass(Duration.ofSeconds(2));
            assertThat(bench.said(NAME)).isEqualTo("dns_failed");
        }
    }

    @Test
    void old_addresses_never_serve_for_a_name_that_is_gone() throws Exception {
        try (var bench = new ResolverRig(PATIENT).answering(NAME, OLD)) {
            bench.resolve(NAME);
            bench.answering(NAME, StandInAnswer.noSuchName()).pass(Duration.ofSeconds(20));
            assertThat(bench.said(NAME)).isEqualTo("dns_not_found");
            bench.answering(NAME, DnsAnswers.serverFailure()).pass(Duration.ofSeconds(5));
            assertThat(bench.said(NAME)).isEqualTo("dns_failed");
        }
    }
}
