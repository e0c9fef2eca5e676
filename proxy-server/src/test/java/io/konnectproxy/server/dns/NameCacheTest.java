package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.HostName;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class NameCacheTest {
    private static final HostName US = HostName.of("us.api.konghq.com");
    private static final HostName EU = HostName.of("eu.api.konghq.com");
    private static final Asker ONE = ResolverRig.asker("10.0.0.1");
    private static final Found ADDRESSES = new Found(List.of(InetAddress.getLoopbackAddress()), Duration.ofSeconds(20));
    private static final Missing DOWN = new Missing(Cause.TIMED_OUT, "No answer.");
    private static final Missing NONE = new Missing(Cause.NO_SUCH_NAME, "No name.");

    private final AtomicLong nanos = new AtomicLong();
    private final NameCache cache = new NameCache(10, nanos::get);

    @RegisterExtension
    private final LogCapture log = LogCapture.of(NameCache.class);

    @Test
    void holds_no_more_names_than_it_may_and_lets_the_useless_go_first() {
        cache.renew(ONE, US, ADDRESSES);
        for (int i = 0; i < 1000; i++) {
            cache.renew(ONE, HostName.of("made-up-" + i + ".example.com"), NONE);
            assertThat(cache.size()).isLessThanOrEqualTo(10);
        }
        assertThat(cache.fresh(US)).isPresent();
    }

    @Test
    void made_up_names_of_one_client_push_out_no_name_of_another() {
        Asker greedy = ResolverRig.asker("10.0.0.66");
        cache.renew(ONE, US, new Found(ADDRESSES.addresses(), Duration.ofSeconds(1)));
        cache.renew(Asker.PROXY, EU, new Found(ADDRESSES.addresses(), Duration.ofSeconds(1)));
        cache.renew(ONE, HostName.of("missing.example.com"), NONE);
        for (int i = 0; i < 1000; i++) {
            cache.renew(greedy, HostName.of("made-up-" + i + ".example.com"), ADDRESSES);
        }
        assertThat(cache.size()).isEqualTo(10);
        assertThat(cache.fresh(US)).isPresent();
        assertThat(cache.fresh(EU)).isPresent();
        assertThat(cache.fresh(HostName.of("missing.example.com"))).isPresent();
    }

    @Test
    void a_name_stays_its_first_askers_though_another_one_has_it_renewed() {
        Asker greedy = ResolverRig.asker("10.0.0.66");
        cache.renew(ONE, US, ADDRESSES);
        pass(Duration.ofSeconds(20));
        cache.renew(greedy, US, DOWN);
        pass(Duration.ofSeconds(5));
        cache.renew(greedy, US, ADDRESSES);
        for (int i = 0; i < 1000; i++) {
            cache.renew(greedy, HostName.of("made-up-" + i + ".example.com"), ADDRESSES);
        }
        assertThat(cache.fresh(US)).isPresent();
    }

    @Test
    void lets_the_addresses_go_that_expire_first() {
        cache.renew(ONE, EU, new Found(ADDRESSES.addresses(), Duration.ofSeconds(19)));
        for (int i = 0; i < 9; i++) {
            cache.renew(ONE, HostName.of("known-" + i + ".example.com"), ADDRESSES);
        }
        cache.renew(ONE, US, ADDRESSES);
        assertThat(cache.size()).isEqualTo(10);
        assertThat(cache.fresh(EU)).isEmpty();
        assertThat(cache.fresh(US)).isPresent();
    }

    /** Takes less than a second; where all that is kept is looked through for each name, it takes longer than the bound. */
    @Test
    @Timeout(5)
    void a_name_costs_little_where_one_must_go_for_it() {
        NameCache full = new NameCache(10_000, nanos::get);
        for (int i = 0; i < 100_000; i++) {
            Asker asker = ResolverRig.asker("10.0." + i % 3 + "." + i % 200);
            full.renew(asker, HostName.of("made-up-" + i + ".example.com"), i % 2 == 0 ? NONE : ADDRESSES);
        }
        assertThat(full.size()).isEqualTo(10_000);
    }

    @Test
    void says_once_when_old_addresses_begin_to_serve_and_once_when_they_no_longer_must() {
        cache.renew(ONE, US, ADDRESSES);
        cache.renew(ONE, EU, ADDRESSES);
        pass(Duration.ofSeconds(20));
        cache.renew(ONE, US, DOWN);
        cache.renew(ONE, EU, DOWN);
        pass(Duration.ofSeconds(5));
        cache.renew(ONE, US, DOWN);
        assertThat(log.lines())
                .containsExactly("WARN DNS does not answer for us.api.konghq.com: its last known addresses serve for at"
                        + " most 10 minutes. No answer.");
        cache.renew(ONE, US, ADDRESSES);
        cache.renew(ONE, EU, ADDRESSES);
        assertThat(log.lines()).hasSize(2).last().isEqualTo("INFO DNS answers again for us.api.konghq.com.");
    }

    @Test
    void says_when_old_addresses_are_too_old() {
        cache.renew(ONE, US, ADDRESSES);
        pass(Duration.ofSeconds(20));
        cache.renew(ONE, US, DOWN);
        pass(Duration.ofMinutes(10));
        assertThat(cache.renew(ONE, US, DOWN).answer()).isEqualTo(DOWN);
        assertThat(log.lines()).hasSize(2).last().asString().startsWith("WARN DNS still does not answer");
    }

    @Test
    void a_late_addition_to_a_replaced_answer_is_dropped() {
        NameCache.CachedAnswer first = cache.renew(ONE, US, ADDRESSES);
        NameCache.CachedAnswer second = cache.renew(ONE, US, NONE);
        cache.complete(US, first, ADDRESSES);
        assertThat(cache.fresh(US)).contains(second);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
