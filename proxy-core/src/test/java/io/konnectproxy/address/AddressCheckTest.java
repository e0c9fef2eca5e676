package io.konnectproxy.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.AddressCheck.Forbidden;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressCheckTest {
    private static final AddressCheck STRICT = new AddressCheck(List.of(), Set.of(), Set.of());
    private static final AddressCheck PERMISSIVE = permitting("0.0.0.0/0", "::/0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3.5.140.1",
                "1.1.1.1",
                "126.255.255.255",
                "128.0.0.1",
                "11.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.101.0",
                "203.0.114.0",
                "223.255.255.255",
                "192.88.98.255",
                "2600:1f18::1",
                "2a05:d018::5",
                "2001:4860:4860::8888",
                "2000::1",
                "2001:200::1",
                "2001:dff::",
                "3ffe:ffff::1",
                "2003::1"
            })
    void dials_a_public_address(String address) {
        assertThat(STRICT.check(ip(address), 443))
                .isInstanceOfSatisfying(
                        CheckedAddress.class,
                        checked -> assertThat(checked.address()).isEqualTo(new InetSocketAddress(ip(address), 443)));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, loopback (127.0.0.0/8)",
        "127.255.255.255, loopback (127.0.0.0/8)",
        "10.0.0.0, private (10.0.0.0/8)",
        "10.255.255.255, private (10.0.0.0/8)",
        "172.16.0.0, private (172.16.0.0/12)",
        "172.31.255.255, private (172.16.0.0/12)",
        "192.168.1.1, private (192.168.0.0/16)",
        "100.64.0.0, carrier-grade NAT (100.64.0.0/10)",
        "100.127.255.255, carrier-grade NAT (100.64.0.0/10)",
        "169.254.0.1, link-local (169.254.0.0/16)",
        "0.0.0.0, this network (0.0.0.0/8)",
        "0.1.2.3, this network (0.0.0.0/8)",
        "192.0.0.1, IETF protocol assignments (192.0.0.0/24)",
        "192.0.2.1, documentation (192.0.2.0/24)",
        "198.51.100.1, documentation (198.51.100.0/24)",
        "203.0.113.1, documentation (203.0.113.0/24)",
        "198.18.0.0, benchmarking (198.18.0.0/15)",
        "198.19.255.255, benchmarking (198.18.0.0/15)",
        "192.88.99.1, 6to4 relay (192.88.99.0/24)",
        "224.0.0.1, multicast (224.0.0.0/4)",
        "239.255.255.255, multicast (224.0.0.0/4)",
        "240.0.0.1, reserved (240.0.0.0/4)",
        "255.255.255.254, reserved (240.0.0.0/4)",
        "255.255.255.255, broadcast (255.255.255.255/32)",
        "::, unspecified (::/128)",
        "::1, loopback (::1/128)",
        "fc00::1, unique local (fc00::/7)",
        "fdff:ffff::1, unique local (fc00::/7)",
        "fe80::1, link-local (fe80::/10)",
        "febf::1, link-local (fe80::/10)",
        "fec0::1, site-local (fec0::/10)",
        "ff02::1, multicast (ff00::/8)",
        "100::1, discard (100::/64)",
        "100:0:0:1::1, dummy (100:0:0:1::/64)",
        "2001:1::1, IETF protocol assignments (2001::/23)",
        "2001:2::1, benchmarking (2001:2::/48)",
        "2001:10::1, ORCHID (2001:10::/28)",
        "2001:2f::1, ORCHIDv2 (2001:20::/28)",
        "2001:db8::1, documentation (2001:db8::/32)",
        "3fff:fff::1, documentation (3fff::/20)",
        "5f00::1, segment routing (5f00::/16)",
        "4000::1, not global unicast (outside 2000::/3)",
        "1fff::1, not global unicast (outside 2000::/3)",
        "200::1, not global unicast (outside 2000::/3)",
    })
    void refuses_an_address_that_is_not_public(String address, String range) {
        assertThat(STRICT.check(ip(address), 443)).isEqualTo(new Forbidden(ip(address), range));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "169.254.170.23",
                "fd00:ec2::254",
                "fd00:ec2::23",
                "fd20:ce::254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "2002:a9fe:a9fe::1",
                "::a9fe:a9fe",
                "2600::5efe:a9fe:a9fe",
                "2001:0:a9fe:a9fe::1",
                "2001:0:102:304::5601:5601"
            })
    void never_dials_a_metadata_endpoint(String address) {
        assertThat(range(STRICT, address)).containsAnyOf("metadata", "credentials", "host services");
        assertThat(range(PERMISSIVE, address)).isEqualTo(range(STRICT, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "ff02::1",
                "64:ff9b::",
                "64:ff9b::e000:1",
                "2002:ffff:ffff::1"
            })
    void never_dials_what_is_no_single_host(String address) {
        assertThat(range(PERMISSIVE, address)).isEqualTo(range(STRICT, address));
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::a00:1, NAT64 of private (10.0.0.0/8)",
        "64:ff9b::7f00:1, NAT64 of loopback (127.0.0.0/8)",
        "64:ff9b:1:a00:0:100::, local-use NAT64 of private (10.0.0.0/8)",
        "64:ff9b:1::a00:1, local-use NAT64 of private (10.0.0.0/8)",
        "64:ff9b:1::808:808, local-use NAT64 (64:ff9b:1::/48)",
        "::a00:1, IPv4-compatible of private (10.0.0.0/8)",
        "::808:808, IPv4-compatible (::/96)",
        "::2, IPv4-compatible of this network (0.0.0.0/8)",
        "2002:a00:1::1, 6to4 of private (10.0.0.0/8)",
        "2002:808:808::1, 6to4 (2002::/16)",
        "2001:0:a00:1::1, Teredo of private (10.0.0.0/8)",
        "2001:0:808:808::f5ff:fffe, Teredo of private (10.0.0.0/8)",
        "2001:0:808:808::f7f7:f7f7, Teredo (2001::/32)",
        "2600:1f18::5efe:a00:1, ISATAP of private (10.0.0.0/8)",
        "2600:1f18::200:5efe:7f00:1, ISATAP of loopback (127.0.0.0/8)",
        "fe80::5efe:808:808, link-local (fe80::/10)",
    })
    void judges_an_embedded_address_by_what_is_inside(String address, String range) {
        assertThat(range(STRICT, address)).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64:ff9b::808:808", "2600:1f18::5efe:808:808", "2600:1f18::200:5efe:808:808"})
    void dials_an_embedding_of_a_public_address(String address) {
        assertThat(STRICT.check(ip(address), 443)).isInstanceOf(CheckedAddress.class);
    }

    @Test
    void unwraps_an_ipv4_mapped_address() throws UnknownHostException {
        assertThat(STRICT.check(mapped(10, 0, 0, 1), 443))
                .isEqualTo(new Forbidden(mapped(10, 0, 0, 1), "IPv4-mapped of private (10.0.0.0/8)"));
        assertThat(STRICT.check(mapped(8, 8, 8, 8), 443)).isInstanceOf(CheckedAddress.class);
        assertThat(permitting("10.0.0.0/8").check(mapped(10, 0, 0, 1), 443)).isInstanceOf(CheckedAddress.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.0.0.0/8",
        "127.0.0.1, 127.0.0.0/8",
        "::1, ::1/128",
        "fd12::1, fd12::/16",
        "64:ff9b::a01:203, 10.0.0.0/8",
        "64:ff9b::a01:203, 64:ff9b::/96",
        "2002:a01:203::1, 10.0.0.0/8",
        "2002:808:808::1, 2002::/16",
        "64:ff9b:1::808:808, 64:ff9b:1::/48",
    })
    void dials_a_private_address_that_a_block_permits(String address, String block) {
        assertThat(permitting(block).check(ip(address), 443)).isInstanceOf(CheckedAddress.class);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 10.1.2.4/31", "fd12::1, 10.0.0.0/8", "2001:0:808:808::f5ff:fffe, 10.0.0.0/8"})
    void a_block_permits_nothing_beside_it(String address, String block) {
        assertThat(permitting(block).check(ip(address), 443)).isInstanceOf(Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"52.1.1.1", "2600::52", "64:ff9b::3401:101"})
    void refuses_an_address_of_this_machine_unless_permitted(String address) {
        Set<InetAddress> own = Set.of(ip("52.1.1.1"), ip("2600::52"));
        assertThat(range(new AddressCheck(List.of(), own, Set.of()), address)).endsWith("an address of this machine");
        assertThat(new AddressCheck(PERMIT_ALL, own, Set.of()).check(ip(address), 443))
                .isInstanceOf(CheckedAddress.class);
    }

    @ParameterizedTest
    @CsvSource({
        "52.1.1.1, 443, 52.1.1.1, true",
        "52.1.1.1, 443, 64:ff9b::3401:101, true",
        "52.1.1.1, 3128, 52.1.1.1, false",
        "52.1.1.1, 443, 52.1.1.2, false",
        "0.0.0.0, 443, 52.1.1.1, true",
        "0.0.0.0, 443, 127.8.8.8, true",
        "0.0.0.0, 443, ::1, true",
        "::, 443, 52.1.1.1, true",
        "::, 443, 52.1.1.2, false",
        "::, 3128, 127.0.0.1, false",
    })
    void never_dials_its_own_listener(String bound, int port, String address, boolean listener) {
        AddressCheck check =
                new AddressCheck(PERMIT_ALL, Set.of(ip("52.1.1.1")), Set.of(new InetSocketAddress(ip(bound), port)));
        assertThat(check.check(ip(address), 443) instanceof Forbidden).isEqualTo(listener);
    }

    private static final List<Cidr> PERMIT_ALL = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

    private static AddressCheck permitting(String... blocks) {
        return new AddressCheck(Stream.of(blocks).map(Cidr::parse).toList(), Set.of(), Set.of());
    }

    private static String range(AddressCheck check, String address) {
        assertThat(check.check(ip(address), 443)).isInstanceOf(Forbidden.class);
        return ((Forbidden) check.check(ip(address), 443)).range();
    }

    private static InetAddress ip(String text) {
        return AddressText.address(AddressText.read(text).orElseThrow());
    }

    /** The JDK makes IPv4 of a mapped address, except here. */
    private static InetAddress mapped(int a, int b, int c, int d) throws UnknownHostException {
        byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) a, (byte) b, (byte) c, (byte) d};
        return Inet6Address.getByAddress(null, bytes, -1);
    }
}
