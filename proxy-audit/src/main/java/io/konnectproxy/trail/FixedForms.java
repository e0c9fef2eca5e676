package io.konnectproxy.trail;

import java.nio.charset.StandardCharsets;

/** Recognizes the parts of a line with a fixed length: time, hash and signature. */
final class FixedForms {
    private static final byte[] TIME = "0000-00-00T00:00:00.000000Z".getBytes(StandardCharsets.US_ASCII);

    private FixedForms() {}

    /** Whether there is a digit for each zero of the pattern, and all other characters are those of the pattern. */
    static boolean isTime(byte[] bytes, int at, int end) {
        if (at + TIME.length > end) {
            return false;
        }
        for (int i = 0; i < TIME.length; i++) {
            byte found = bytes[at + i];
            if (TIME[i] == '0' ? found < '0' || found > '9' : found != TIME[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether there are 12 characters of hex. They are tested eight at a time, the middle ones twice. */
    static boolean isTrail(byte[] bytes, int at, int end) {
        int behind = at + LineForm.TRAIL_LENGTH;
        return behind <= end
                && Swar.areHex(bytes, at, Long.BYTES)
                && Swar.areHex(bytes, behind - Long.BYTES, Long.BYTES);
    }

    static boolean isHash(byte[] bytes, int at) {
        return Swar.areHex(bytes, at, LineForm.HASH_LENGTH);
    }

    /** Whether there are 64 bytes in base64 and a quote: 85 characters, one with two significant bits, and two of padding. */
    static boolean isSignature(byte[] bytes, int at) {
        int last = at + LineForm.SIGNATURE_LENGTH - 3;
        for (int i = at; i < last; i++) {
            byte found = bytes[i];
            if (!isLetter((byte) (found | 0x20)) && (found < '0' || found > '9') && found != '+' && found != '/') {
                return false;
            }
        }
        return "AQgw".indexOf(bytes[last]) >= 0
                && bytes[last + 1] == '='
                && bytes[last + 2] == '='
                && bytes[last + 3] == '"';
    }

    static boolean isLetter(byte found) {
        return found >= 'a' && found <= 'z';
    }
}
