package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The answers in a DNS message (RFC 1035, section 4.1), read a second time and apart from Netty. A label is its bytes, in
 * which ASCII letter case does not count. Three liberties of Netty cannot be seen behind it and are taken here
 * too: a dot inside a label is one between two, the owner of a record is mapped like a name that a person typed (IDNA), and
 * an alias may end with its record instead of the root.
 */
final class DnsModel {
    private static final int CNAME = 5;

    private final ByteBuffer packet;
    private final List<Answered> answers = new ArrayList<>();

    /** {@code alias} where it is a CNAME, else {@code address}, empty where the record has no length of one. */
    private record Answered(String name, long life, Optional<String> alias, Optional<InetAddress> address) {}

    DnsModel(byte[] bytes, int type) {
        packet = ByteBuffer.wrap(bytes);
        int questions = packet.getShort(4) & 0xffff;
        int records = packet.getShort(6) & 0xffff;
        packet.position(12);
        try {
            for (int i = 0; i < questions; i++) {
                name();
                packet.getInt();
            }
            for (int i = 0; i < records; i++) {
                read(type);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // What came until then counts.
        }
    }

    private void read(int wanted) {
        String name = mapped(name());
        int type = packet.getShort() & 0xffff;
        int dnsClass = packet.getShort() & 0xffff;
        long life = packet.getInt() & 0xffffffffL;
        byte[] data = new byte[packet.getShort() & 0xffff];
        int start = packet.position();
        packet.get(data);
        if (dnsClass == 1 && type == CNAME) {
            packet.limit(start + data.length).position(start);
            answers.add(new Answered(name, life, Optional.of(name()), Optional.empty()));
            packet.limit(packet.capacity()).position(start + data.length);
        } else if (dnsClass == 1 && type == wanted) {
            answers.add(new Answered(name, life, Optional.empty(), address(data)));
        }
    }

    /** The addresses of a name and of all that it is an alias of. */
    List<InetAddress> addresses(String asked) {
        Set<String> seen = new HashSet<>();
        Deque<String> names = new ArrayDeque<>(List.of(asked));
        List<InetAddress> found = new ArrayList<>();
        while (!names.isEmpty()) {
            String name = names.remove();
            if (!seen.add(name)) {
                continue;
            }
            for (Answered answer : answers) {
                if (answer.name.equals(name)) {
                    answer.alias.ifPresent(names::add);
                    answer.address.ifPresent(found::add);
                }
            }
        }
        return found;
    }

    long longestLife() {
        return answers.stream().mapToLong(Answered::life).max().orElse(0);
    }

    private static Optional<InetAddress> address(byte[] data) {
        try {
            return Optional.of(InetAddress.getByAddress(data));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The name at the position, which is behind it afterwards; without a dot at its end. */
    private String name() {
        StringBuilder name = new StringBuilder();
        int behind = -1;
        for (int jumps = 0; packet.hasRemaining(); ) {
            int length = packet.get() & 0xff;
            if (length == 0) {
                break;
            }
            if (length >= 0xc0) {
                int to = (length & 0x3f) * 256 + (packet.get() & 0xff);
                behind = behind < 0 ? packet.position() : behind;
                if (++jumps > 200) {
                    throw new IllegalArgumentException();
                }
                packet.position(to);
                continue;
            }
            byte[] label = new byte[length];
            packet.get(label);
            name.append(name.isEmpty() ? "" : ".").append(folded(label));
        }
        packet.position(behind < 0 ? packet.position() : behind);
        return name.toString();
    }

    private static String mapped(String owner) {
        return IDN.toASCII(new String(owner.getBytes(ISO_8859_1), UTF_8)).toLowerCase(Locale.ROOT);
    }

    private static String folded(byte[] label) {
        StringBuilder text = new StringBuilder(new String(label, ISO_8859_1));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            text.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return text.toString();
    }
}
