package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.AddressText;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Parses version 2 of the PROXY protocol (section 2.2): signature, command, family, length, addresses and TLVs. */
final class ProxyBlock {
    static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    static final String NO_CLIENT = "The source in a PROXY header must be an address that a client can have: not an"
            + " unspecified, multicast or broadcast one.";

    /** Length of the part up to and including the length field. */
    private static final int FIXED_LENGTH = 16;

    /** The specification allows 64 KiB; senders send a few hundred bytes at most. */
    private static final int MAX_LENGTH = 2048;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int PORT_BYTES = 2;

    private final CRC32C sum = new CRC32C();
    private int at;
    private boolean local;
    /** Length of one address in bytes. */
    private int addressBytes;
    /** Source, destination, source port, destination port. */
    private byte[] addresses = {};

    private int length;
    private ProxyVectors vectors = new ProxyVectors(0);

    ProxyHeaderReading accept(int octet) {
        // The bytes of the checksum count as zero in the checksum (section 2.2.3).
        boolean checksum = vectors.atChecksum();
        ProxyHeaderReading reading = at < FIXED_LENGTH ? inFixed(octet) : inVariable(octet);
        sum.update(checksum ? 0 : octet);
        at++;
        return reading == NEED_MORE && at >= FIXED_LENGTH && at == FIXED_LENGTH + length ? header() : reading;
    }

    private ProxyHeaderReading inFixed(int octet) {
        if (at < SIGNATURE.length()) {
            return octet == SIGNATURE.charAt(at)
                    ? NEED_MORE
                    : fault("The connection must begin with a PROXY header of version 1 or 2, and does not.");
        }
        return switch (at - SIGNATURE.length()) {
            case 0 -> command(octet);
            case 1 -> family(octet);
            case 2 -> {
                length = octet << 8;
                yield NEED_MORE;
            }
            default -> length(length | octet);
        };
    }

    private ProxyHeaderReading command(int octet) {
        local = octet == LOCAL;
        return local || octet == PROXY
                ? NEED_MORE
                : fault("A binary PROXY header must be of version 2, with the command LOCAL or PROXY.");
    }

    /** With LOCAL a receiver must ignore the family and the addresses (section 2.2). */
    private ProxyHeaderReading family(int octet) {
        if (local) {
            return NEED_MORE;
        }
        addressBytes = switch (octet) {
            case 0x11 -> 4;
            case 0x21 -> 16;
            default -> 0;
        };
        addresses = new byte[addressBytes == 0 ? 0 : 2 * (addressBytes + PORT_BYTES)];
        return addressBytes > 0
                ? NEED_MORE
                : fault(
                        "A PROXY header must be about TCP over IPv4 or IPv6; for anything else its command must be LOCAL.");
    }

    private ProxyHeaderReading length(int claimed) {
        length = claimed;
        if (length > MAX_LENGTH) {
            return fault("The PROXY header claims more than the " + MAX_LENGTH + " bytes allowed behind its length.");
        }
        if (length < addresses.length) {
            return fault("The PROXY header is shorter than the addresses in it.");
        }
        vectors = new ProxyVectors(length - addresses.length);
        return NEED_MORE;
    }

    private ProxyHeaderReading inVariable(int octet) {
        if (local) {
            return NEED_MORE;
        }
        int offset = at - FIXED_LENGTH;
        if (offset >= addresses.length) {
            return vectors.accept(octet);
        }
        addresses[offset] = (byte) octet;
        return offset == addressBytes - 1 && AddressCheck.isNoHost(source()) ? fault(NO_CLIENT) : NEED_MORE;
    }

    /** The JDK makes IPv4 of IPv4-mapped IPv6, so that form cannot evade a rule for IPv4 clients. */
    private InetAddress source() {
        return AddressText.address(Arrays.copyOf(addresses, addressBytes));
    }

    private ProxyHeaderReading header() {
        if (local) {
            return new ProxyHeader(Optional.empty());
        }
        if (!vectors.allows(sum.getValue())) {
            return fault("The checksum in the PROXY header is not that of the header.");
        }
        int port = Short.toUnsignedInt(ByteBuffer.wrap(addresses).getShort(2 * addressBytes));
        return new ProxyHeader(Optional.of(new InetSocketAddress(source(), port)));
    }

    private static ProxyHeaderFault fault(String problem) {
        return new ProxyHeaderFault(problem);
    }
}
