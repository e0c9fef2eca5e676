package io.konnectproxy.server.differential;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** Writes the presentation language of TLS (RFC 8446, section 3), one of its lengths a lie if so told. */
final class TlsWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Lengths lengths;

    /** What is said about lengths: the truth, but for the one with the number {@code lyingAt}. */
    static final class Lengths {
        private final int lyingAt;
        private final IntUnaryOperator lie;
        private int said;

        Lengths(int lyingAt, IntUnaryOperator lie) {
            this.lyingAt = lyingAt;
            this.lie = lie;
        }

        static Lengths honest() {
            return new Lengths(-1, IntUnaryOperator.identity());
        }

        /** How many lengths were told. */
        int said() {
            return said;
        }

        private int say(int length) {
            return said++ == lyingAt ? lie.applyAsInt(length) : length;
        }
    }

    TlsWriter(Lengths lengths) {
        this.lengths = lengths;
    }

    TlsWriter uint8(int value) {
        bytes.write(value);
        return this;
    }

    TlsWriter uint16(int value) {
        return uint8(value >> 8).uint8(value);
    }

    TlsWriter raw(byte[] data) {
        bytes.writeBytes(data);
        return this;
    }

    TlsWriter vector8(Consumer<TlsWriter> content) {
        byte[] written = written(content);
        return uint8(lengths.say(written.length)).raw(written);
    }

    TlsWriter vector16(Consumer<TlsWriter> content) {
        byte[] written = written(content);
        return uint16(lengths.say(written.length)).raw(written);
    }

    TlsWriter vector24(Consumer<TlsWriter> content) {
        byte[] written = written(content);
        int length = lengths.say(written.length);
        return uint8(length >> 16).uint16(length).raw(written);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private byte[] written(Consumer<TlsWriter> content) {
        TlsWriter inner = new TlsWriter(lengths);
        content.accept(inner);
        return inner.bytes();
    }
}
