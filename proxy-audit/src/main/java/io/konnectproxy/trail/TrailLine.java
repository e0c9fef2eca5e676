package io.konnectproxy.trail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Parses the fixed parts of a line of the trail ({@link LineForm}), and checks that all bytes between them are printable ASCII.
 * Exactly one form is accepted, and nothing is repaired. The fields of an event are not parsed here.
 *
 * <p>An instance is used for many lines and allocates nothing for them. It does not copy the array that it reads, so its
 * results are valid until the array changes. Not thread-safe.
 */
public final class TrailLine {
    private static final byte[] BEGIN_1 = ascii(LineForm.BEGIN_1);
    private static final byte[] BEGIN_2 = ascii(LineForm.BEGIN_2);
    private static final byte[] SEQ = ascii(LineForm.SEQ);
    private static final byte[] TIME = ascii(LineForm.TIME);
    private static final byte[] EVENT = ascii(LineForm.EVENT);
    private static final byte[] PREV = ascii(LineForm.PREV);
    private static final byte[] SIGNATURE = ascii(LineForm.SIGNATURE);
    private static final byte[] HASH = ascii(LineForm.HASH);
    private static final byte[] END = ascii(LineForm.END);
    private static final byte[] CHECKPOINT = ascii(LineForm.CHECKPOINT);
    private static final byte[] KEY = ascii("\",\"key\":\"");
    private static final int MAX_DIGITS = 18;

    private final LineHash hasher = new LineHash();

    private byte[] bytes = {};
    private int begin;
    private int end;
    /** -1 in a line of version 1, which has none. */
    private int trailAt;

    private long seq;
    private int timeAt;
    private int eventAt;
    private int eventEnd;
    private int prevAt;
    private int signatureAt;
    private int hashAt;
    private String fault = "no line was read";

    /**
     * Reads a line.
     *
     * @param end the position after its last byte, which is not the line feed
     * @return whether it has the form of a line; if not, only {@link #fault} may be called
     */
    public boolean read(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.begin = from;
        this.end = end;
        if (end - from > LineForm.MAX_LINE) {
            return not("it is longer than any line of the trail");
        }
        return readHead() && readTail() && readCheckpoint() && isPrintable();
    }

    private boolean readHead() {
        int at = readBegin();
        if (at < 0) {
            return not("it does not begin with " + LineForm.BEGIN_2 + ", and not with " + LineForm.BEGIN_1);
        }
        at = readSeq(at);
        if (at < 0 || !stands(TIME, at)) {
            return not("its seq is not a number in the one form");
        }
        timeAt = at + TIME.length;
        if (!FixedForms.isTime(bytes, timeAt, end) || !stands(EVENT, timeAt + LineForm.TIME_LENGTH)) {
            return not("its time is not in the one form");
        }
        eventAt = timeAt + LineForm.TIME_LENGTH + EVENT.length;
        eventEnd = eventAt;
        while (eventEnd < end && (FixedForms.isLetter(bytes[eventEnd]) || bytes[eventEnd] == '_')) {
            eventEnd++;
        }
        boolean word = eventEnd > eventAt && eventEnd < end && bytes[eventEnd] == '"';
        return word || not("its event is not one word");
    }

    /** Returns the position of the sequence number, or -1 if the line does not begin as one of either version. */
    private int readBegin() {
        trailAt = -1;
        if (stands(BEGIN_1, begin)) {
            return begin + BEGIN_1.length;
        }
        int trail = begin + BEGIN_2.length;
        if (!stands(BEGIN_2, begin) || !FixedForms.isTrail(bytes, trail, end)) {
            return -1;
        }
        trailAt = trail;
        int behind = trail + LineForm.TRAIL_LENGTH;
        return stands(SEQ, behind) ? behind + SEQ.length : -1;
    }

    /** Returns the position after the number, or -1 if there is none. */
    private int readSeq(int from) {
        long number = 0;
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from < MAX_DIGITS) {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        seq = number;
        return at == from || bytes[from] == '0' ? -1 : at;
    }

    /** Reads backwards from the end, because the parts at the end have a fixed length. */
    private boolean readTail() {
        hashAt = end - END.length - LineForm.HASH_LENGTH;
        int before = hashAt - HASH.length;
        if (before < eventEnd
                || !stands(END, end - END.length)
                || !stands(HASH, before)
                || !FixedForms.isHash(bytes, hashAt)) {
            return not("it does not end with a hash");
        }
        signatureAt = -1;
        if (isCheckpoint()) {
            signatureAt = before - 1 - LineForm.SIGNATURE_LENGTH;
            before = signatureAt - SIGNATURE.length;
            if (before < eventEnd || !stands(SIGNATURE, before) || !FixedForms.isSignature(bytes, signatureAt)) {
                return not("it is a checkpoint without a signature");
            }
        }
        prevAt = before - 1 - LineForm.HASH_LENGTH;
        boolean bound = prevAt - PREV.length > eventEnd
                && stands(PREV, prevAt - PREV.length)
                && FixedForms.isHash(bytes, prevAt)
                && bytes[prevAt + LineForm.HASH_LENGTH] == '"';
        return bound || not("it does not name the hash of the line before");
    }

    private boolean readCheckpoint() {
        if (signatureAt < 0) {
            // Between the event and prev are the fields of the event, if it has any.
            int fields = eventEnd + 1;
            return fields == prevAt - PREV.length || bytes[fields] == ',' || not("its event is not one word");
        }
        int key = eventEnd + KEY.length;
        boolean exact = prevAt - PREV.length == key + LineForm.HASH_LENGTH + 1
                && stands(KEY, eventEnd)
                && FixedForms.isHash(bytes, key)
                && bytes[key + LineForm.HASH_LENGTH] == '"';
        return exact || not("it is a checkpoint that does not name its key");
    }

    private boolean isPrintable() {
        return Swar.arePrintable(bytes, eventEnd, prevAt) || not("it has bytes that are not printable ASCII");
    }

    private boolean not(String reason) {
        fault = reason;
        return false;
    }

    /** Why the last line that was read is not one of the trail, as in "it does not end with a hash". */
    public String fault() {
        return fault;
    }

    /** The trail that the line is of; empty in a line of version 1. */
    public Optional<String> trail() {
        return trailAt < 0 ? Optional.empty() : Optional.of(text(trailAt, LineForm.TRAIL_LENGTH));
    }

    public long seq() {
        return seq;
    }

    public String time() {
        return text(timeAt, LineForm.TIME_LENGTH);
    }

    public String event() {
        return text(eventAt, eventEnd - eventAt);
    }

    public boolean isEvent(String word) {
        int length = eventEnd - eventAt;
        if (length != word.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[eventAt + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The hash of the previous line, as recorded in this one. */
    public String prev() {
        return text(prevAt, LineForm.HASH_LENGTH);
    }

    public String hash() {
        return text(hashAt, LineForm.HASH_LENGTH);
    }

    /** The link that the next line must have. */
    public Link link() {
        return new Link(seq, hash(), trail());
    }

    /** Whether the hash in the line is the hash of its bytes. */
    public boolean hashFits() {
        return hasher.fits(bytes, begin, hashAt - HASH.length, hashAt);
    }

    /** The hash of the line's bytes. */
    String hashOfBytes() {
        return hasher.of(bytes, begin, hashAt - HASH.length);
    }

    boolean prevIs(byte[] hash) {
        return Arrays.equals(hash, 0, hash.length, bytes, prevAt, prevAt + LineForm.HASH_LENGTH);
    }

    boolean hashIs(byte[] other) {
        return Arrays.equals(other, 0, other.length, bytes, hashAt, hashAt + LineForm.HASH_LENGTH);
    }

    /** Whether the line is of version 2. */
    boolean hasTrail() {
        return trailAt >= 0;
    }

    boolean trailIs(byte[] trail) {
        return hasTrail() && Arrays.equals(trail, 0, trail.length, bytes, trailAt, trailAt + LineForm.TRAIL_LENGTH);
    }

    void copyTrail(byte[] to) {
        System.arraycopy(bytes, trailAt, to, 0, LineForm.TRAIL_LENGTH);
    }

    void copyHash(byte[] to) {
        System.arraycopy(bytes, hashAt, to, 0, LineForm.HASH_LENGTH);
    }

    /** Sequence number and time of a line, stored without an allocation for each line. */
    static final class Head {
        private final byte[] time = new byte[LineForm.TIME_LENGTH];
        private long seq;

        VerifyResult.Mark mark() {
            return new VerifyResult.Mark(seq, new String(time, StandardCharsets.US_ASCII));
        }
    }

    void copyHead(Head to) {
        to.seq = seq;
        System.arraycopy(bytes, timeAt, to.time, 0, to.time.length);
    }

    /** The signed part and the signature; empty if the line is not a checkpoint. */
    public Optional<SignedPart> checkpoint() {
        return signatureAt < 0
                ? Optional.empty()
                : Optional.of(new SignedPart(
                        text(eventEnd + KEY.length, LineForm.HASH_LENGTH),
                        Arrays.copyOfRange(bytes, begin, signatureAt - SIGNATURE.length),
                        Base64.getDecoder().decode(text(signatureAt, LineForm.SIGNATURE_LENGTH))));
    }

    /** The whole line, without its line feed. */
    public String text() {
        return text(begin, end - begin);
    }

    /**
     * The signed part of a checkpoint, and its signature.
     *
     * @param key the fingerprint of the public key
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record SignedPart(String key, byte[] signed, byte[] signature) {}

    private boolean isCheckpoint() {
        return Arrays.equals(bytes, eventAt, eventEnd, CHECKPOINT, 0, CHECKPOINT.length);
    }

    private boolean stands(byte[] fixed, int at) {
        return at >= begin
                && at + fixed.length <= end
                && Arrays.equals(bytes, at, at + fixed.length, fixed, 0, fixed.length);
    }

    private String text(int at, int length) {
        return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
