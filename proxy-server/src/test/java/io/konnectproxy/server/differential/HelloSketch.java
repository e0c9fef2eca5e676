package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.server.differential.TlsWriter.Lengths;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/** A ClientHello (RFC 8446, section 4.1.2) and its records in parts that can be changed one by one. */
final class HelloSketch {
    static final int SERVER_NAME = 0;
    static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

    /** An extension; its data is written anew each time. */
    record Extension(int type, Consumer<TlsWriter> data) {}

    String name;
    int messageType = 1;
    int version = 0x0303;
    byte[] sessionId = {};
    byte[] suites = {0x13, 0x01};
    byte[] compression = {0};
    boolean extensionBlock = true;
    final List<Extension> extensions = new ArrayList<>();
    /** Bytes of the message that stand behind its extensions. */
    byte[] behindExtensions = {};

    final Records records = new Records();
    private int lyingAt = -1;
    private IntUnaryOperator lie = IntUnaryOperator.identity();

    HelloSketch(String name) {
        this.name = name;
        extensions.add(new Extension(
                SERVER_NAME, names(data -> named(0, this.name).accept(data))));
    }

    /** The data of a server_name extension (RFC 6066, section 3). */
    static Consumer<TlsWriter> names(Consumer<TlsWriter> list) {
        return data -> data.vector16(list);
    }

    static Consumer<TlsWriter> named(int type, String name) {
        return list -> list.uint8(type).vector16(text -> text.raw(name.getBytes(ISO_8859_1)));
    }

    void nameInstead(Consumer<TlsWriter> data) {
        extensions.replaceAll(one -> one.type() == SERVER_NAME ? new Extension(SERVER_NAME, data) : one);
    }

    void insert(Extension extension, RandomGenerator random) {
        extensions.add(random.nextInt(extensions.size() + 1), extension);
    }

    boolean offersEncryption() {
        return extensions.stream().anyMatch(extension -> extension.type() == ENCRYPTED_CLIENT_HELLO);
    }

    /** Tells a wrong length in one place, whichever it is: record, message, list or string. */
    void lie(RandomGenerator random) {
        Lengths lengths = Lengths.honest();
        write(lengths);
        lyingAt = random.nextInt(lengths.said());
        int other = random.nextInt(0x10000);
        int step = 1 + random.nextInt(Drawn.oneOf(random, 4, 300));
        lie = Drawn.oneOf(
                random,
                length -> 0,
                length -> 0xffff,
                length -> other,
                length -> length - step,
                length -> length + step,
                length -> length + step);
    }

    byte[] bytes() {
        return write(new Lengths(lyingAt, lie));
    }

    /** The handshake message with its header, every length true. */
    byte[] message() {
        return message(Lengths.honest());
    }

    private byte[] write(Lengths lengths) {
        return records.write(message(lengths), lengths);
    }

    private byte[] message(Lengths lengths) {
        return new TlsWriter(lengths)
                .uint8(messageType)
                .vector24(this::writeBody)
                .bytes();
    }

    private void writeBody(TlsWriter body) {
        body.uint16(version)
                .raw(new byte[32])
                .vector8(id -> id.raw(sessionId))
                .vector16(list -> list.raw(suites))
                .vector8(list -> list.raw(compression));
        if (extensionBlock) {
            body.vector16(
                    block -> extensions.forEach(one -> block.uint16(one.type()).vector16(one.data())));
        }
        body.raw(behindExtensions);
    }
}
