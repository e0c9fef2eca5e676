package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    /** What operators alert on and clients see; it may grow, and no line of it may change. */
    private static final Map<String, Integer> STATUS = new TreeMap<>(Map.ofEntries(
            Map.entry("malformed_request", 400),
            Map.entry("version_not_supported", 505),
            Map.entry("not_connect", 405),
            Map.entry("head_too_large", 431),
            Map.entry("head_timeout", 408),
            Map.entry("ip_literal", 403),
            Map.entry("port_not_allowed", 403),
            Map.entry("host_not_konnect", 403),
            Map.entry("region_not_enabled", 403),
            Map.entry("purpose_not_enabled", 403),
            Map.entry("control_plane_not_pinned", 403),
            Map.entry("portal_not_pinned", 403),
            Map.entry("tenant_not_pinned", 403),
            Map.entry("client_tunnel_limit", 429),
            Map.entry("tunnel_limit", 503),
            Map.entry("memory_limit", 503),
            Map.entry("draining", 503),
            Map.entry("configuration_changed", 503),
            Map.entry("audit_unavailable", 503),
            Map.entry("dns_not_found", 502),
            Map.entry("dns_failed", 502),
            Map.entry("dns_timeout", 504),
            Map.entry("address_forbidden", 502),
            Map.entry("connect_refused", 502),
            Map.entry("connect_failed", 502),
            Map.entry("connect_timeout", 504),
            Map.entry("parent_refused", 502),
            Map.entry("proxy_loop", 502),
            Map.entry("client_not_listed", 403),
            Map.entry("source_not_allowed", 403),
            Map.entry("credentials_required", 407),
            Map.entry("credentials_invalid", 407),
            Map.entry("credentials_unverified", 503),
            Map.entry("internal_error", 500)));

    private static final Set<String> AFTER_THE_REPLY = Set.of(
            "tls_handshake_failed",
            "hello_not_tls",
            "hello_malformed",
            "hello_too_large",
            "hello_fragmented",
            "hello_timeout",
            "sni_missing",
            "sni_mismatch",
            "hello_resumes",
            "hello_changed");

    /** RFC 9209, section 2.3. */
    private static final Set<String> PROXY_STATUS_ERRORS = Set.of(
            "dns_timeout",
            "dns_error",
            "destination_unavailable",
            "destination_ip_prohibited",
            "connection_refused",
            "connection_timeout",
            "connection_read_timeout",
            "http_response_incomplete",
            "proxy_loop_detected",
            "tls_protocol_error",
            "http_request_error",
            "http_request_denied",
            "proxy_internal_response",
            "proxy_internal_error");

    @Test
    void tokens_and_statuses_are_those_of_the_contract() {
        Map<String, Integer> actual = new TreeMap<>();
        Arrays.stream(Refusal.values())
                .filter(refusal -> !AFTER_THE_REPLY.contains(refusal.token()))
                .forEach(refusal -> actual.put(refusal.token(), refusal.status()));

        assertThat(actual).isEqualTo(STATUS);
    }

    @Test
    void what_comes_after_the_reply_has_no_status() {
        assertThat(Arrays.stream(Refusal.values()).map(Refusal::token)).containsAll(AFTER_THE_REPLY);
        AFTER_THE_REPLY.forEach(token -> assertThatThrownBy(
                        () -> Refusal.valueOf(token.toUpperCase(java.util.Locale.ROOT))
                                .status())
                .isInstanceOf(IllegalStateException.class));
    }

    @ParameterizedTest
    @EnumSource
    void the_sentence_fits_a_reason_phrase(Refusal refusal) {
        assertThat(refusal.sentence())
                .matches("[ -~]{1,60}")
                .doesNotEndWith(".")
                .doesNotContain("\"");
    }

    @ParameterizedTest
    @EnumSource
    void the_remedy_is_one_line_of_whole_sentences(Refusal refusal) {
        assertThat(refusal.remedy()).matches("[A-Z][ -~]{1,150}\\.");
    }

    @ParameterizedTest
    @EnumSource
    void the_proxy_status_error_is_registered(Refusal refusal) {
        assertThat(PROXY_STATUS_ERRORS).contains(refusal.proxyStatusError());
    }
}
