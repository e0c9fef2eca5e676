package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code check} says of the resolvers. */
class ResolversInForceTest {
    private static List<String> system(String resolvConf) {
        return ResolversInForce.system(ResolvConf.read(resolvConf.getBytes(US_ASCII), Map.of(), "machine"));
    }

    @Test
    void names_those_of_the_system_and_where_they_come_from() {
        assertThat(system("nameserver 10.0.0.2\nnameserver fd00::2\n"))
                .containsExactly("Names are resolved by 10.0.0.2:53, [fd00::2]:53 (/etc/resolv.conf).");
    }

    @Test
    void names_the_search_list() {
        assertThat(system("search kong.svc cluster.local\nnameserver 10.0.0.2\n"))
                .endsWith(
                        "Names of parents and extra hosts are also looked for in 'kong.svc', 'cluster.local'; names of"
                                + " Konnect never are.");
    }

    @Test
    void warns_of_what_cannot_be_used() {
        assertThat(system("nameserver resolver.corp\n"))
                .containsExactly(
                        "warning: no name can be resolved: /etc/resolv.conf names no resolver, and dns.servers none either",
                        "warning: line 1: no resolver can be reached at 'resolver.corp': that is not an IP address.");
    }

    @Test
    void names_those_of_the_configuration() {
        Configuration.Dns dns = new Configuration.Dns(
                List.of(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("10.0.0.2"), 5353)),
                Duration.ofSeconds(2),
                AddressFamily.IPV4_FIRST);
        assertThat(ResolversInForce.sentences(dns))
                .containsExactly(
                        "Names are resolved by 10.0.0.2:5353 (dns.servers). /etc/resolv.conf and /etc/hosts are not"
                                + " read.");
    }
}
