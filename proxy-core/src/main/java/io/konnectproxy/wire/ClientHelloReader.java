package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.NOT_TLS;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.TOO_LARGE;
import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.HelloReading.HelloFault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the ClientHello at the beginning of a TLS stream: the record layer (RFC 8446, section 5.1) and the header of the
 * handshake message are judged byte by byte, the message itself, which is copied in as it comes, once it is complete. Memory
 * grows with what arrives, never with what is claimed. One instance a tunnel; not thread-safe.
 */
public final class ClientHelloReader {
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MAX_RECORD = 1 << 14;
    private static final int MAX_RECORDS = 32;
    /** The longest message with its header, however many records it comes in. */
    private static final int MAX_MESSAGE = 1 << 14;
    /** A body in which every list is as short as it may be and no extensions are there. */
    private static final int MIN_BODY = 41;

    /** Never longer than the message says, so that the message fills it when it is complete. */
    private byte[] body = {};

    private int bodyRead;
    private HelloReading reading = NEED_MORE;

    private int records = 1;
    /** The place of the next byte in the header of the record; {@link #RECORD_HEADER} inside the fragment. */
    private int headerRead;

    private int recordLength;
    private int recordLeft;
    /** What all records so far say they carry. */
    private int carried;

    private int messageRead;
    private int bodyLength;

    /**
     * Consumes all that is there. Whoever forwards the bytes keeps them; what stands behind the ClientHello in records of
     * its own is not looked at.
     *
     * @throws IllegalStateException after a ClientHello or a fault
     */
    public HelloReading read(ByteBuffer bytes) {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the ClientHello was decided");
        }
        while (reading == NEED_MORE && bytes.hasRemaining()) {
            if (headerRead < RECORD_HEADER) {
                reading = inRecordHeader(bytes.get() & 0xff);
            } else {
                reading = messageRead < MESSAGE_HEADER ? inMessageHeader(bytes.get() & 0xff) : inBody(bytes);
            }
        }
        bytes.position(bytes.limit());
        return reading;
    }

    private HelloReading inRecordHeader(int octet) {
        return switch (headerRead++) {
            case 0 -> octet == HANDSHAKE_RECORD ? NEED_MORE : otherRecordType(octet);
            case 1 -> octet == 3 ? NEED_MORE : otherRecordVersion();
            case 2 -> NEED_MORE;
            case 3 -> {
                recordLength = octet << 8;
                yield NEED_MORE;
            }
            default -> {
                recordLength |= octet;
                yield beginFragment();
            }
        };
    }

    private HelloReading otherRecordType(int octet) {
        if (records > 1) {
            return malformed("A record that is no handshake stands in the middle of the ClientHello.");
        }
        return new HelloFault(
                NOT_TLS,
                octet >= 0x80
                        ? "The tunnel begins with what may be an SSLv2 hello: begin it with a TLS ClientHello."
                        : "The tunnel does not begin with a TLS handshake record: speak TLS in it, client first.");
    }

    private HelloReading otherRecordVersion() {
        return records > 1
                ? malformed("The version of a record must be that of TLS.")
                : new HelloFault(NOT_TLS, "The tunnel does not begin with a TLS record: speak TLS in it.");
    }

    private HelloReading beginFragment() {
        if (recordLength == 0 || recordLength > MAX_RECORD) {
            return malformed("A record must carry 1 to " + MAX_RECORD + " bytes.");
        }
        recordLeft = recordLength;
        carried += recordLength;
        if (carried > MAX_MESSAGE) {
            return tooLarge();
        }
        return messageRead < MESSAGE_HEADER ? NEED_MORE : requireRecordWithinMessage();
    }

    private HelloReading nextRecord() {
        headerRead = 0;
        return ++records <= MAX_RECORDS
                ? NEED_MORE
                : new HelloFault(TOO_LARGE, "The ClientHello is spread over more than " + MAX_RECORDS + " records.");
    }

    private HelloReading inMessageHeader(int octet) {
        HelloReading sofar = judgeMessageHeader(octet);
        return --recordLeft == 0 && sofar == NEED_MORE ? nextRecord() : sofar;
    }

    private HelloReading judgeMessageHeader(int octet) {
        if (messageRead++ == 0) {
            return octet == CLIENT_HELLO
                    ? NEED_MORE
                    : malformed("The first handshake message of the tunnel must be a ClientHello.");
        }
        bodyLength = bodyLength << 8 | octet;
        if (bodyLength > MAX_MESSAGE - MESSAGE_HEADER) {
            return tooLarge();
        }
        if (messageRead < MESSAGE_HEADER) {
            return NEED_MORE;
        }
        return bodyLength < MIN_BODY
                ? malformed("The length of the handshake message is too small for a ClientHello.")
                : requireRecordWithinMessage();
    }

    /** A ClientHello ends where its last record ends (RFC 8446, section 5.1: what follows has other keys or none). */
    private HelloReading requireRecordWithinMessage() {
        return carried > MESSAGE_HEADER + bodyLength
                ? malformed("A record must not go on behind the end of the ClientHello.")
                : NEED_MORE;
    }

    /** All that is there of this record, none of which reaches behind the message. */
    private HelloReading inBody(ByteBuffer bytes) {
        int length = Math.min(recordLeft, bytes.remaining());
        if (bodyRead + length > body.length) {
            body = Arrays.copyOf(body, Math.min(bodyLength, Math.max(bodyRead + length, 2 * body.length)));
        }
        bytes.get(body, bodyRead, length);
        bodyRead += length;
        recordLeft -= length;
        if (bodyRead == bodyLength) {
            return HelloMessage.read(body);
        }
        return recordLeft == 0 ? nextRecord() : NEED_MORE;
    }

    private static HelloFault malformed(String problem) {
        return new HelloFault(MALFORMED, problem);
    }

    private static HelloFault tooLarge() {
        return new HelloFault(TOO_LARGE, "The ClientHello has more than " + MAX_MESSAGE + " bytes.");
    }
}
