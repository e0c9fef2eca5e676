package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What is configured for IPv4 is reached over IPv4, and told so. */
class ListenerAddressIT {
    static boolean ipv6() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
    }

    @Test
    void tells_the_wildcard_as_it_was_configured() throws Exception {
        try (Rig rig = Rig.listeningOn("0.0.0.0");
                RawClient client = new RawClient(loopback("127.0.0.1", rig))) {
            assertThat(rig.address().getAddress()).isEqualTo(NetUtil.createInetAddressFromIpAddressString("0.0.0.0"));
            String id = client.connect("evil.com")
                    .answer()
                    .header("X-Konnect-Proxy-Request-Id")
                    .orElseThrow();
            assertThat(AuditLines.text(rig.audit().decisionOf(id), "listener"))
                    .isEqualTo("0.0.0.0:" + rig.address().getPort());
        }
    }

    @Test
    @EnabledIf("ipv6")
    void has_no_socket_for_ipv6_where_ipv4_is_configured() throws Exception {
        try (Rig rig = Rig.listeningOn("0.0.0.0")) {
            // The system refuses it, so that the client falls back to IPv4.
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new RawClient(loopback("::1", rig)).close());
            assertThat(refused("127.0.0.1", rig))
                    .isEqualTo("0.0.0.0:" + rig.address().getPort());
        }
    }

    @Test
    @EnabledIf("ipv6")
    void serves_both_families_where_both_are_configured() throws Exception {
        try (Rig rig = Rig.listeningOn("[::]")) {
            String listener = "[::]:" + rig.address().getPort();
            assertThat(refused("127.0.0.1", rig)).isEqualTo(listener);
            assertThat(refused("::1", rig)).isEqualTo(listener);
        }
    }

    /** The listener as the line of a refused request names it. */
    private static String refused(String host, Rig rig) throws Exception {
        try (RawClient client = new RawClient(loopback(host, rig))) {
            String id = client.connect("evil.com")
                    .answer()
                    .header("X-Konnect-Proxy-Request-Id")
                    .orElseThrow();
            return AuditLines.text(rig.audit().decisionOf(id), "listener");
        }
    }

    private static InetSocketAddress loopback(String host, Rig rig) throws Exception {
        return new InetSocketAddress(
                NetUtil.createInetAddressFromIpAddressString(host),
                rig.address().getPort());
    }
}
