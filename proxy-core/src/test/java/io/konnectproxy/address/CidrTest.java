package io.konnectproxy.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.168.1.1/32, 192.168.1.1/32",
        "100.64.0.0/10, 100.64.0.0/10",
        "fd00::/8, fd00::/8",
        "::/0, ::/0",
        "::1/128, ::1/128",
        "2001:DB8:0:0:0:0:0:0/32, 2001:db8::/32",
        "1:0:0:2:0:0:0:3/128, 1:0:0:2::3/128",
        "1:2:3:4:5:6:0:8/128, 1:2:3:4:5:6:0:8/128",
        "64:ff9b::10.0.0.0/104, 64:ff9b::a00:0/104",
        "1::/16, 1::/16",
    })
    void reads_a_block_and_writes_it_canonically(String text, String canonical) {
        assertThat(Cidr.parse(text)).hasToString(canonical);
        assertThat(Cidr.parse(canonical)).isEqualTo(Cidr.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "localhost/8",
                "example.com/32",
                "10.0.0/8",
                "10/8",
                "10.0.0.0.0/8",
                "010.0.0.0/8",
                "0x0a.0.0.0/8",
                "256.0.0.0/8",
                " 10.0.0.0/8",
                "10.0.0.+0/8",
                "10.0.0.٠/8",
                "[fd00::]/8",
                "fd00::%eth0/64",
                "fd00:::/8",
                "fd00::1::/64",
                "1:2:3:4:5:6:7/16",
                "1:2:3:4:5:6:7:8:9/16",
                "1:2:3:4:5:6:7::8/128",
                "12345::/16",
                ":1::/16",
                "1.2.3.4::/16",
                "::1.2.3/128",
                "1:2:3:4:5:6:7:1.2.3.4/128",
                "g::/16",
                "10.0.0.0"
            })
    void refuses_what_is_no_block_with_a_sentence_that_shows_one(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("; write ")
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.0/a",
                "10.0.0.0/999999999999"
            })
    void refuses_a_prefix_length_that_is_none(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).hasMessageContaining("a number from 0 to 32");
    }

    @Test
    void says_what_would_be_right() {
        assertThatThrownBy(() -> Cidr.parse("10.0.0.1")).hasMessageContaining("write 10.0.0.1/32 for the one address");
        assertThatThrownBy(() -> Cidr.parse("10.1.2.3/12"))
                .hasMessageContaining("write 10.0.0.0/12 for the block, or 10.1.2.3/32 for the one address");
        assertThatThrownBy(() -> Cidr.parse("fd00::1/64"))
                .hasMessageContaining("write fd00::/64 for the block, or fd00::1/128 for the one address");
        assertThatThrownBy(() -> Cidr.parse("fd00::/129")).hasMessageContaining("a number from 0 to 128");
        assertThatThrownBy(() -> Cidr.parse("::ffff:10.0.0.0/104")).hasMessageContaining("the IPv4 block inside");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 1.2.3.4, false",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "240.0.0.0/4, 255.0.0.1, true",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "192.0.2.1/32, 192.0.2.1, true",
        "192.0.2.1/32, 192.0.2.2, false",
    })
    void contains_what_shares_the_prefix_and_the_family(String block, String address, boolean contained)
            throws UnknownHostException {
        assertThat(Cidr.parse(block).contains(InetAddress.getByName(address))).isEqualTo(contained);
    }
}
