package io.konnectproxy.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.ConnectTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The input is the text of an address block. */
public final class CidrFuzz {
    private CidrFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        String address = text.replaceFirst("(?s)/.*", "");
        Optional<byte[]> bytes = AddressText.read(address);

        // Two readers of IPv6 in the house, one of bytes and one that only says yes or no, must not differ.
        assertThat(ConnectTarget.parse("[" + address + "]:443") instanceof ConnectTarget.IpLiteral)
                .isEqualTo(bytes.filter(read -> read.length == 16).isPresent());
        bytes.ifPresent(read -> accepted(address, read));
        try {
            accepted(text, Cidr.parse(text));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches("[A-Z][ -~]+\\.");
        }
    }

    private static void accepted(String text, byte[] bytes) {
        assertThat(text).matches("[0-9.]+|[0-9A-Fa-f:.]+");
        assertThat(AddressText.read(AddressText.write(bytes)))
                .hasValueSatisfying(again -> assertThat(again).isEqualTo(bytes));
        assertThat(AddressText.address(bytes)).isEqualTo(asTheJdkReads(text));
    }

    private static void accepted(String text, Cidr block) {
        assertThat(Cidr.parse(block.toString())).isEqualTo(block);
        assertThat(block.contains(block.network())).isTrue();
        assertThat(text).endsWith("/" + block.prefixLength());
        byte[] neighbour = block.network().getAddress();
        if (block.prefixLength() > 0) {
            int last = block.prefixLength() - 1;
            neighbour[last / 8] ^= (byte) (0x80 >> last % 8);
            assertThat(block.contains(neighbour))
                    .as("the last bit of the prefix counts")
                    .isFalse();
            neighbour[last / 8] ^= (byte) (0x80 >> last % 8);
        }
        if (block.prefixLength() < neighbour.length * 8) {
            neighbour[neighbour.length - 1] ^= 1;
            assertThat(block.contains(neighbour))
                    .as("what is behind the prefix does not")
                    .isTrue();
        }
    }

    /** Only for what is made of digits, colons and dots: anything else the JDK would ask DNS for. */
    private static InetAddress asTheJdkReads(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
