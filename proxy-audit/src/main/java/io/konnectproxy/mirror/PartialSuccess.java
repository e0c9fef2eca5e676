package io.konnectproxy.mirror;

/**
 * The number of records that a collector rejected in a reply with status 200, OTLP's partial success. Reads only that field of the
 * protobuf ({@code ExportLogsServiceResponse}): field 1 of field 1.
 */
final class PartialSuccess {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private final byte[] bytes;
    private int at;
    private final int end;

    private PartialSuccess(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** The number of rejected records; 0 where the reply has no such field in this form. */
    static long rejected(byte[] answer) {
        PartialSuccess message = new PartialSuccess(answer, 0, answer.length);
        if (message.find(LENGTH)) {
            int length = (int) Math.min(message.varint(), Integer.MAX_VALUE);
            int start = message.at;
            if (length >= 0 && length <= answer.length - start) {
                PartialSuccess inner = new PartialSuccess(answer, start, start + length);
                return inner.find(VARINT) ? Math.max(0, inner.varint()) : 0;
            }
        }
        return 0;
    }

    /** Moves to the value of field 1, if there is one of this wire type. */
    private boolean find(int type) {
        while (at < end) {
            long tag = varint();
            if (tag == (1 << 3 | type)) {
                return true;
            }
            long length = switch ((int) (tag & 7)) {
                case VARINT -> {
                    varint();
                    yield 0;
                }
                case LENGTH -> varint();
                default -> -1;
            };
            if (length < 0 || length > end - at) {
                return false;
            }
            at += (int) length;
        }
        return false;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; at < end && shift < 64; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }
}
