package io.konnectproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowlistTest {
    private final Allowlist allowlist = new Allowlist(List.of("cloud.konghq.com", "*.us.cp0.konghq.com"));

    @Test
    void permits_labels_before_a_name_in_the_form_of_Squid() {
        assertThat(allowlist.asDomains()).isEqualTo("cloud.konghq.com .us.cp0.konghq.com");
    }

    @Test
    void permits_the_hosts_of_the_bench_where_the_system_resolves_names() {
        assertThat("0646a7d680.us.cp0.konghq.com").matches(allowlist.asExpression(""));
        assertThat("localhost:443").matches(allowlist.asExpression(":443"));
        assertThat("127.0.0.2:443").matches(allowlist.asExpression(":443"));
        assertThat("127.0.0.1:443").doesNotMatch(allowlist.asExpression(":443"));
        assertThat("a.b.us.cp0.konghq.com").doesNotMatch(allowlist.asExpression(""));
    }

    @Test
    void refuses_every_other_host_in_the_form_of_Smokescreen() {
        assertThat(allowlist.asAcl()).isEqualTo("""
                version: v1
                services: []
                default: {name: default, project: bench, action: enforce, allowed_domains: ["cloud.konghq.com", "*.us.cp0.konghq.com"]}
                """);
    }
}
