package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.trail.event.HostAndPort;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What receivers are told beside a line. */
class MirroredEventTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "us.api.konghq.com:443, us.api.konghq.com, 443",
                "10.0.0.7:8443,         10.0.0.7,          8443",
                "[2001:db8::1]:443,     2001:db8::1,       443",
                "us.api.konghq.com,     -,                 0",
                "http:,                 -,                 0",
                "'',                    -,                 0",
                "2001:db8::1:443,       -,                 0",
                "[us.api]:443,          -,                 0",
                "a:443000,              -,                 0"
            })
    void the_server_is_a_host_and_a_port(String target, String address, long port) {
        String line = TrailLines.permitted(1).replace("0646a7d680.us.cp0.konghq.com:443", target);

        assertThat(new MirroredLine(line)
                        .event()
                        .server()
                        .map(HostAndPort::host)
                        .orElse(null))
                .isEqualTo(address);
        assertThat(new MirroredLine(line)
                        .event()
                        .server()
                        .map(HostAndPort::port)
                        .orElse(0L))
                .isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"address, 10.0.0.7, 10.0.0.7", "network, 2001:db8::/64, -"})
    void the_client_is_one_address(String member, String client, String address) {
        String line =
                TrailLines.summedUp(1).replace("\"address\":\"10.0.0.7\"", "\"" + member + "\":\"" + client + "\"");

        assertThat(new MirroredLine(line).event().clientAddress().orElse(null)).isEqualTo(address);
    }
}
