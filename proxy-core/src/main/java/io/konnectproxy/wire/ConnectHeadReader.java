package io.konnectproxy.wire;

import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.konnectproxy.wire.HeadReading.HeadFault.Kind;
import io.konnectproxy.wire.HeadReading.NeedMore;
import io.konnectproxy.wire.RequestLineReading.Rejected;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the head of a CONNECT request (RFC 9112, sections 2 to 5), strictly: what the RFC lets a lenient server repair is a
 * fault here. It splits bytes into lines; {@link RequestLine} and {@link HeaderFields} read those. One instance a
 * connection; not thread-safe.
 */
public final class ConnectHeadReader {
    private static final int MAX_LINE = 8192;
    private static final int MAX_ASKED = 600;
    private static final byte TLS_HANDSHAKE = 0x16;

    private final int limit;
    private final HeaderFields fields = new HeaderFields();
    private byte[] line = new byte[128];
    private int lineLength;
    private boolean behindCarriageReturn;
    private int read;
    private boolean inMethod = true;
    private byte[] firstLine = new byte[0];
    private Optional<RequestLine> requestLine = Optional.empty();
    private boolean ended;

    /**
     * @param limit most bytes of a head, the empty line at its end included
     */
    public ConnectHeadReader(int limit) {
        this.limit = limit;
    }

    /**
     * Takes bytes up to the end of the head, and none behind it.
     *
     * @throws IllegalStateException after a head or a fault
     */
    public HeadReading read(ByteBuffer bytes) {
        if (ended) {
            throw new IllegalStateException("the head has ended");
        }
        HeadReading reading = NeedMore.NEED_MORE;
        while (reading == NeedMore.NEED_MORE && bytes.hasRemaining()) {
            reading = next(bytes.get());
        }
        ended = reading != NeedMore.NEED_MORE;
        return reading;
    }

    /** The client will send nothing more, and the head is not complete. */
    public HeadReading end() {
        ended = true;
        return malformed("The request ended in the middle of its head.");
    }

    /** Whether not a single byte was read. */
    public boolean untouched() {
        return read == 0;
    }

    /** What was asked for, for the record: the request target as far as it was read, else the first line so far. */
    public byte[] asked() {
        byte[] first = requestLine.isPresent() ? firstLine : Arrays.copyOf(line, lineLength);
        int from = indexOfSpace(first, 0) + 1;
        int to = from == 0 ? first.length : indexOfSpace(first, from);
        return Arrays.copyOfRange(first, from, Math.min(to < 0 ? first.length : to, from + MAX_ASKED));
    }

    private static int indexOfSpace(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private HeadReading next(byte b) {
        read++;
        if (read == 1 && (b == TLS_HANDSHAKE || b < 0)) {
            keep(b);
            return new HeadFault(
                    Kind.NOT_HTTP,
                    "This looks like TLS, and the listener speaks plain HTTP: use http://, not https://, in the proxy URL.");
        }
        if (read > limit) {
            return new HeadFault(Kind.TOO_LARGE, "The request head is longer than " + limit + " bytes.");
        }
        if (behindCarriageReturn) {
            behindCarriageReturn = false;
            return b == '\n' ? endOfLine() : malformed("A carriage return must be followed by a line feed.");
        }
        if (b == '\r') {
            behindCarriageReturn = true;
            return NeedMore.NEED_MORE;
        }
        return text(b);
    }

    private HeadReading text(byte b) {
        if (lineLength == MAX_LINE) {
            return new HeadFault(Kind.TOO_LARGE, "A line of the request head is longer than " + MAX_LINE + " bytes.");
        }
        keep(b);
        if (b == '\n') {
            return malformed("Lines must end with a carriage return and a line feed.");
        }
        boolean tabAmongFields = b == '\t' && requestLine.isPresent();
        if ((b < ' ' && !tabAmongFields) || b == 0x7f) {
            return malformed("The request head has a byte that is no printable ASCII character.");
        }
        if (inMethod && !Token.isTokenByte(b)) {
            inMethod = false;
            if (b != ' ' || lineLength == 1) {
                return malformed("The request must begin with CONNECT and a space.");
            }
        }
        return NeedMore.NEED_MORE;
    }

    private void keep(byte b) {
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, line.length * 2);
        }
        line[lineLength++] = b;
    }

    private HeadReading endOfLine() {
        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        if (requestLine.isEmpty()) {
            return onRequestLine(RequestLine.parse(text));
        }
        lineLength = 0;
        Optional<String> problem = text.isEmpty() ? fields.missing(requestLine.get()) : fields.add(text);
        if (problem.isPresent()) {
            return malformed(problem.get());
        }
        return text.isEmpty() ? new ConnectHead(requestLine.get().target()) : NeedMore.NEED_MORE;
    }

    private HeadReading onRequestLine(RequestLineReading parsed) {
        if (parsed instanceof Rejected rejected) {
            return rejected.fault();
        }
        requestLine = Optional.of((RequestLine) parsed);
        firstLine = Arrays.copyOf(line, lineLength);
        lineLength = 0;
        return NeedMore.NEED_MORE;
    }

    private static HeadFault malformed(String problem) {
        return new HeadFault(Kind.MALFORMED, problem);
    }
}
