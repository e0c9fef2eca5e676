package io.konnectproxy.server.credentials;

import java.io.ByteArrayOutputStream;

/** Base64 as bcrypt writes it: another alphabet than that of RFC 4648, and no padding. */
final class BcryptText {
    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private BcryptText() {}

    static String write(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte each : bytes) {
            bits = bits << 8 | (each & 0xff);
            for (held += 8; held >= 6; held -= 6) {
                text.append(ALPHABET.charAt(bits >> (held - 6) & 63));
            }
        }
        if (held > 0) {
            text.append(ALPHABET.charAt(bits << (6 - held) & 63));
        }
        return text.toString();
    }

    /**
     * Reads what {@link #write} writes.
     *
     * @throws IllegalArgumentException for every other text, stray bits at its end included
     */
    static byte[] read(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            bits = bits << 6 | ALPHABET.indexOf(text.charAt(i));
            held += 6;
            if (held >= 8) {
                held -= 8;
                bytes.write(bits >> held);
            }
        }
        byte[] read = bytes.toByteArray();
        if (!write(read).equals(text)) {
            throw new IllegalArgumentException("no Base64 of bcrypt");
        }
        return read;
    }
}
