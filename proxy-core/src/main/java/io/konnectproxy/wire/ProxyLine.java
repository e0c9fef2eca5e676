package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.AddressText;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses version 1 of the PROXY protocol (section 2.1), which is one line of text. */
final class ProxyLine {
    static final String BEGINNING = "PROXY ";

    private static final int MAX_LENGTH = 107;

    private final StringBuilder field = new StringBuilder();
    private Part part = Part.BEGINNING;
    private Family family = Family.UNKNOWN;
    private @Nullable InetAddress source;
    private int sourcePort;
    private int length;

    private enum Part {
        BEGINNING,
        FAMILY,
        SOURCE,
        DESTINATION,
        SOURCE_PORT,
        DESTINATION_PORT,
        /** The rest of the line after UNKNOWN. */
        IGNORED,
        LINE_FEED
    }

    /** The protocol family. The name of the constant is its word in the header. */
    private enum Family {
        TCP4(4),
        TCP6(16),
        UNKNOWN(0);

        private final int addressBytes;

        Family(int addressBytes) {
            this.addressBytes = addressBytes;
        }
    }

    ProxyHeaderReading accept(int octet) {
        if (++length > MAX_LENGTH) {
            return fault("The PROXY header of version 1 has more than the " + MAX_LENGTH + " bytes allowed.");
        }
        return switch (part) {
            case BEGINNING -> inBeginning(octet);
            case FAMILY -> inFamily(octet);
            case SOURCE, DESTINATION -> inAddress(octet);
            case SOURCE_PORT -> inPort(octet, Octet.SP);
            case DESTINATION_PORT -> inPort(octet, Octet.CR);
            case IGNORED -> inIgnored(octet);
            case LINE_FEED -> atLineFeed(octet);
        };
    }

    private ProxyHeaderReading inBeginning(int octet) {
        if (octet != BEGINNING.charAt(length - 1)) {
            return fault("The connection must begin with a PROXY header of version 1 or 2, and does not.");
        }
        return length == BEGINNING.length() ? next(Part.FAMILY) : NEED_MORE;
    }

    private ProxyHeaderReading inFamily(int octet) {
        Optional<Family> complete = Stream.of(Family.values())
                .filter(each -> each.name().contentEquals(field))
                .findFirst();
        if (complete.isPresent() && octet == Octet.SP) {
            family = complete.get();
            return next(family == Family.UNKNOWN ? Part.IGNORED : Part.SOURCE);
        }
        if (complete.filter(Family.UNKNOWN::equals).isPresent() && octet == Octet.CR) {
            return next(Part.LINE_FEED);
        }
        field.append((char) octet);
        return Stream.of(Family.values()).anyMatch(each -> each.name().startsWith(field.toString()))
                ? NEED_MORE
                : fault("A PROXY header of version 1 must name TCP4, TCP6 or UNKNOWN, then one space.");
    }

    private ProxyHeaderReading inAddress(int octet) {
        if (octet == Octet.SP) {
            return atAddressEnd();
        }
        field.append((char) octet);
        return Octet.isHexDigit(octet) || octet == '.' || octet == ':'
                ? NEED_MORE
                : fault("The addresses in a PROXY header must be plain IP addresses, with one space behind each.");
    }

    private ProxyHeaderReading atAddressEnd() {
        Optional<InetAddress> address = AddressText.read(field.toString())
                .filter(bytes -> bytes.length == family.addressBytes)
                .map(AddressText::address);
        if (address.isEmpty()) {
            return fault("The addresses in a PROXY header must be two IPv4 addresses behind TCP4, two IPv6 addresses"
                    + " behind TCP6.");
        }
        if (part == Part.DESTINATION) {
            return next(Part.SOURCE_PORT);
        }
        if (AddressCheck.isNoHost(address.get())) {
            return fault(ProxyBlock.NO_CLIENT);
        }
        source = address.get();
        return next(Part.DESTINATION);
    }

    private ProxyHeaderReading inPort(int octet, int end) {
        if (octet == end && !field.isEmpty()) {
            if (part == Part.DESTINATION_PORT) {
                return next(Part.LINE_FEED);
            }
            sourcePort = Integer.parseInt(field.toString());
            return next(Part.DESTINATION_PORT);
        }
        boolean leadingZero = "0".contentEquals(field);
        field.append((char) octet);
        return Octet.isDigit(octet) && !leadingZero && Integer.parseInt(field.toString()) <= 65535
                ? NEED_MORE
                : fault("The ports in a PROXY header must be plain decimal numbers from 0 to 65535, the first with one"
                        + " space behind it, the second with CR LF.");
    }

    /** Accepts printable characters only: another parser could take a control character for the end of the line. */
    private ProxyHeaderReading inIgnored(int octet) {
        if (octet == Octet.CR) {
            return next(Part.LINE_FEED);
        }
        return Octet.isVisible(octet) || octet == Octet.SP
                ? NEED_MORE
                : fault("A PROXY header of version 1 must be printable and end in CR LF.");
    }

    private ProxyHeaderReading atLineFeed(int octet) {
        return octet == Octet.LF
                ? new ProxyHeader(
                        Optional.ofNullable(source).map(address -> new InetSocketAddress(address, sourcePort)))
                : fault("A PROXY header of version 1 must end in CR LF; a CR stands alone.");
    }

    private ProxyHeaderReading next(Part following) {
        part = following;
        field.setLength(0);
        return NEED_MORE;
    }

    private static ProxyHeaderFault fault(String problem) {
        return new ProxyHeaderFault(problem);
    }
}
