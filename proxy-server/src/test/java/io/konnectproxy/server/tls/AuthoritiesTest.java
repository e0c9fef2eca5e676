package io.konnectproxy.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.tls.Authorities.Voucher.Nobody;
import io.konnectproxy.server.tls.Authorities.Voucher.PrivateAuthority;
import io.konnectproxy.server.tls.Authorities.Voucher.PublicAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AuthoritiesTest {
    private final Instant now = Instant.now();

    private PrivateCa ca() throws Exception {
        return PrivateCa.create(now, Duration.ofDays(365));
    }

    private static X509Certificate server(PrivateCa ca, Instant from) throws Exception {
        return ca.server(SubjectNames.parse(List.of("us.api.konghq.com")), from, Duration.ofDays(30))
                .certificate();
    }

    @Test
    void a_root_is_public_by_its_key_and_not_because_it_is_trusted() throws Exception {
        PrivateCa known = ca();
        PrivateCa corporate = ca();
        Authorities authorities = Authorities.of(known.certificate(), List.of(corporate.certificate()));
        assertThat(authorities.voucher(List.of(server(known, now)))).isInstanceOf(PublicAuthority.class);
        assertThat(authorities.voucher(List.of(server(corporate, now)))).isInstanceOf(PrivateAuthority.class);
        assertThat(authorities.voucher(List.of(server(ca(), now)))).isEqualTo(Nobody.NOBODY);
    }

    @Test
    void a_public_root_beside_a_forged_chain_vouches_for_nothing() throws Exception {
        PrivateCa known = ca();
        PrivateCa forger = ca();
        Authorities authorities = Authorities.of(known.certificate(), List.of());
        assertThat(authorities.voucher(List.of(server(forger, now), forger.certificate(), known.certificate())))
                .isEqualTo(Nobody.NOBODY);
    }

    @Test
    void a_root_that_the_server_sends_is_known_by_its_key() throws Exception {
        PrivateCa known = ca();
        Authorities authorities = new Authorities(List.of(), Set.of(Authorities.hash(known.certificate())));
        assertThat(authorities.voucher(List.of(server(known, now), known.certificate())))
                .isInstanceOf(PublicAuthority.class);
    }

    @Test
    void who_vouches_does_not_depend_on_the_clock() throws Exception {
        PrivateCa known = PrivateCa.create(now.minus(Duration.ofDays(4000)), Duration.ofDays(8000));
        Authorities authorities = Authorities.of(known.certificate(), List.of());
        assertThat(authorities.voucher(List.of(server(known, now.minus(Duration.ofDays(2000))))))
                .isInstanceOf(PublicAuthority.class);
    }

    /** All have one key and one of two names. */
    @Test
    @Timeout(20)
    void certificates_that_sign_each_other_are_not_tried_in_every_order() throws Exception {
        Authorities authorities = Authorities.of(ca().certificate(), List.of(ca().certificate()));
        long began = System.nanoTime();
        assertThat(authorities.voucher(HostileChain.of("loop", "us.api.konghq.com")
                        .withLoops(9)
                        .certificates()))
                .isEqualTo(Nobody.NOBODY);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void the_list_has_the_roots_of_this_java_that_everybody_trusts() {
        assertThat(Authorities.list()).hasSizeGreaterThan(100).allMatch(key -> key.matches("[0-9a-f]{64}"));
        List<String> found = new ArrayList<>();
        for (X509Certificate root : TrustAnchors.ofTheJvm()) {
            if (Authorities.list().contains(Authorities.hash(root))) {
                found.add(ServerCertificate.subject(root));
            }
        }
        assertThat(found).contains("Amazon Root CA 1", "ISRG Root X1", "GTS Root R1", "DigiCert Global Root G2");
    }
}
