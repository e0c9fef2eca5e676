package io.konnectproxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The name in a ClientHello, read a second time: from the whole bytes at once, and unlike the reader it checks. */
final class HelloModel {
    private static final int LIMIT = 16384;

    private HelloModel() {}

    /** Empty where the bytes do not begin with one whole ClientHello that may pass. */
    static Optional<String> serverName(byte[] bytes) {
        try {
            return name(body(ByteBuffer.wrap(bytes))).filter(HelloModel::isName).map(n -> n.toLowerCase(Locale.ROOT));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ByteBuffer body(ByteBuffer in) {
        check(in.get() == 22 && in.get() == 3);
        in.get();
        ByteBuffer record = ByteBuffer.wrap(bytes(in, 16));
        check(record.remaining() <= LIMIT);
        int header = record.getInt();
        check(header >>> 24 == 1 && record.remaining() == (header & 0xffffff));
        return record;
    }

    private static Optional<String> name(ByteBuffer body) {
        int version = body.getShort();
        check(version >= 0x301 && version <= 0x303);
        body.position(body.position() + 32);
        check(bytes(body, 8).length <= 32);
        int suites = bytes(body, 16).length;
        check(suites > 0 && suites % 2 == 0);
        check(new String(bytes(body, 8), ISO_8859_1).contains("\0"));
        Optional<String> name = Optional.empty();
        if (!body.hasRemaining()) {
            return name;
        }
        ByteBuffer extensions = only(body, 16);
        Set<Short> types = new HashSet<>();
        while (extensions.hasRemaining()) {
            short type = extensions.getShort();
            check(types.add(type));
            check(types.size() <= 128 && (!types.contains((short) 41) || type == 41));
            ByteBuffer extension = ByteBuffer.wrap(bytes(extensions, 16));
            switch (type) {
                case 0 -> name = Optional.of(hostName(only(extension, 16)));
                case 16 -> checkProtocols(only(extension, 16));
                case 43 -> {
                    int versions = only(extension, 8).remaining();
                    check(versions > 0 && versions <= 32 && versions % 2 == 0);
                }
                default -> check(true);
            }
        }
        return name;
    }

    private static String hostName(ByteBuffer list) {
        check(list.get() == 0);
        byte[] name = bytes(list, 16);
        check(!list.hasRemaining());
        return new String(name, ISO_8859_1);
    }

    private static void checkProtocols(ByteBuffer list) {
        check(list.hasRemaining() && list.remaining() <= 1024);
        for (int names = 1; list.hasRemaining(); names++) {
            check(bytes(list, 8).length > 0 && names <= 64);
        }
    }

    /** Labels of what may stand in one, at most 255 characters in all, and a last one that begins no number. */
    static boolean isName(String name) {
        return name.length() <= 255
                && name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")
                && !ipv4(name.toLowerCase(Locale.ROOT));
    }

    /** Of names that are host names only: in others no client can have meant an address. */
    private static boolean ipv4(String name) {
        String label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
        return name.length() <= 253
                && name.matches(label + "(\\." + label + ")*")
                && name.matches("(.*\\.)?([0-9]+|0x[^.]*)");
    }

    private static byte[] bytes(ByteBuffer in, int lengthBits) {
        int length = lengthBits == 8 ? in.get() & 0xff : in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A vector with nothing behind it. */
    private static ByteBuffer only(ByteBuffer in, int lengthBits) {
        byte[] bytes = bytes(in, lengthBits);
        check(!in.hasRemaining());
        return ByteBuffer.wrap(bytes);
    }

    private static void check(boolean held) {
        if (!held) {
            throw new IllegalArgumentException();
        }
    }
}
