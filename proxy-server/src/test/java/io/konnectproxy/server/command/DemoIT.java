package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The offline proof proves it. */
class DemoIT {
    @Test
    void shows_a_permitted_tunnel_and_the_refusals_with_their_audit_lines() {
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(new StringWriter()), Map.of(), "demo");
        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("answer  Hello from the stand-in for Konnect.")
                .contains("\"verdict\":\"permitted\"", "\"event\":\"tunnel\"")
                .contains("HTTP/1.1 403 Konnect region is not enabled", "\"reason\":\"region_not_enabled\"")
                .contains("HTTP/1.1 403 Host is not a Konnect host", "\"reason\":\"host_not_konnect\"")
                .contains("HTTP/1.1 403 Only port 443 is permitted", "\"reason\":\"port_not_allowed\"")
                .contains("HTTP/1.1 403 IP addresses are not permitted", "\"reason\":\"ip_literal\"")
                .contains("The audit trail is one whole chain of 10 lines, from start to stop.")
                .endsWith("All as it should be.\n")
                .doesNotContain("!");
    }
}
