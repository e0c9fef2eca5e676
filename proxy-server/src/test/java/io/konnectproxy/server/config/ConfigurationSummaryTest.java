package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationSummaryTest {
    private static final List<InetSocketAddress> BOUND = List.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40123),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40124));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void says_at_the_start_where_it_listens_what_it_permits_and_where_the_audit_goes() {
        assertThat(startUp("regions: [us, eu]\npurposes: [data-plane, api]\n"
                        + "listen: [{address: 127.0.0.1:0}, {address: 127.0.0.1:0}]"))
                .containsExactly(
                        "listening on 127.0.0.1:40123",
                        "listening on 127.0.0.1:40124",
                        "permits regions eu, us; purposes api, data-plane; control planes of any tenant",
                        "audit goes to audit/konnect-proxy.jsonl and standard output; nothing is permitted while it"
                                + " cannot be written",
                        "warning: any tenant's control plane is reachable; pin yours with control-planes");
    }

    @Test
    void names_pins_and_extra_hosts() {
        assertThat(startUp("""
                        regions: [us]
                        purposes: [data-plane]
                        control-planes: [b, a]
                        extra-hosts: [{name: mirror, host: kong.mirror.corp}]
                        audit: {file: null, on-failure: continue}
                        """))
                .endsWith(
                        "permits regions us; purposes data-plane; control planes a, b only",
                        "permits extra hosts kong.mirror.corp (mirror)",
                        "audit goes to standard output; tunnels are permitted even while it cannot be written");
    }

    @Test
    void names_the_file_alone_where_nothing_goes_to_standard_output() {
        assertThat(startUp("regions: [us]\naudit: {file: a.jsonl, stdout: false}"))
                .contains("audit goes to a.jsonl; nothing is permitted while it cannot be written");
    }

    @Test
    void names_the_mirrors() {
        assertThat(startUp("regions: [us]\naudit: {mirrors: [{url: 'syslog+tls://logs.corp:6514'}]}"))
                .contains("audit goes to audit/konnect-proxy.jsonl and standard output, copies to"
                        + " syslog+tls://logs.corp:6514; nothing is permitted while it cannot be written");
    }

    private List<String> startUp(String yaml) {
        LoadedConfiguration loaded = Examples.load(directory, yaml);
        return new ConfigurationSummary(loaded)
                .startUp(BOUND.subList(0, loaded.configuration().listen().size()));
    }
}
