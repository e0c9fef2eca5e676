package io.konnectproxy.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses the value of a {@code Proxy-Authorization} field, octet by octet as it arrives: {@code Basic}, one space, and user
 * and password in Base64 (RFC 7617; RFC 4648, section 4, with padding and with unused bits zero). Only the decoded value is
 * stored. Nothing is stored of a malformed value.
 */
final class BasicField {
    private static final String SCHEME = "Basic";
    /** Maximum length of the Base64 text. */
    private static final int MAX_TEXT = 1024;

    private static final String OTHER_SCHEME =
            "Proxy-Authorization must have the scheme Basic, one space, and user and password in Base64.";
    private static final String NOT_BASE64 =
            "Proxy-Authorization must have user and password in Base64, with its padding, and nothing behind it.";

    private byte[] decoded = new byte[0];
    private int length;
    private Part part = Part.BEFORE;
    private int schemeRead;
    /** Number of Base64 characters read, padding included. */
    private int digits;

    private int padding;
    /** The bits that do not make a whole octet yet. */
    private int bits;

    private String problem = "";

    private enum Part {
        BEFORE,
        SCHEME,
        TEXT,
        AFTER,
        UNREADABLE
    }

    void accept(int octet) {
        switch (part) {
            case BEFORE -> beforeScheme(octet);
            case SCHEME -> inScheme(octet);
            case TEXT -> inText(octet);
            case AFTER -> afterText(octet);
            case UNREADABLE -> {}
        }
    }

    private void beforeScheme(int octet) {
        if (!Octet.isOptionalSpace(octet)) {
            part = Part.SCHEME;
            inScheme(octet);
        }
    }

    private void inScheme(int octet) {
        if (schemeRead == SCHEME.length() && octet == Octet.SP) {
            part = Part.TEXT;
        } else if (schemeRead == SCHEME.length() || Octet.lower(octet) != Octet.lower(SCHEME.charAt(schemeRead++))) {
            unreadable(OTHER_SCHEME);
        }
    }

    private void inText(int octet) {
        if (digits > 0 && Octet.isOptionalSpace(octet)) {
            part = Part.AFTER;
        } else if (++digits > MAX_TEXT) {
            unreadable("Proxy-Authorization has more than " + MAX_TEXT + " characters of Base64.");
        } else if (octet == '=') {
            pad();
        } else {
            takeDigit(digit(octet));
        }
    }

    /** Accepts one or two padding characters at the end of a group of four, if the unused bits before them are zero. */
    private void pad() {
        padding++;
        if (bits != 0 || digits % 4 == 1 || digits % 4 == 2 || padding > 2) {
            unreadable(NOT_BASE64);
        }
    }

    private void takeDigit(int digit) {
        if (digit < 0 || padding > 0) {
            unreadable(NOT_BASE64);
            return;
        }
        bits = bits << 6 | digit;
        int left = 6 - 2 * ((digits + 3) % 4);
        if (left < 6) {
            append(bits >> left);
            bits &= (1 << left) - 1;
        }
    }

    private void append(int octet) {
        if (length == decoded.length) {
            byte[] longer = Arrays.copyOf(decoded, Math.max(64, 2 * length));
            Arrays.fill(decoded, (byte) 0);
            decoded = longer;
        }
        decoded[length++] = (byte) octet;
    }

    private static int digit(int octet) {
        if (octet >= 'A' && octet <= 'Z') {
            return octet - 'A';
        }
        if (octet >= 'a' && octet <= 'z') {
            return octet - 'a' + 26;
        }
        if (Octet.isDigit(octet)) {
            return octet - '0' + 52;
        }
        return octet == '+' ? 62 : octet == '/' ? 63 : -1;
    }

    private void afterText(int octet) {
        if (!Octet.isOptionalSpace(octet)) {
            unreadable(NOT_BASE64);
        }
    }

    private void unreadable(String why) {
        part = Part.UNREADABLE;
        problem = why;
        wipe();
    }

    private void wipe() {
        Arrays.fill(decoded, (byte) 0);
        length = 0;
    }

    /** Ends the value and returns the credentials in it. */
    Credentials end() {
        switch (part) {
            case BEFORE, SCHEME -> unreadable(OTHER_SCHEME);
            case TEXT, AFTER -> {
                if (digits == 0 || digits % 4 != 0) {
                    unreadable(NOT_BASE64);
                }
            }
            case UNREADABLE -> {}
        }
        Credentials credentials =
                part == Part.UNREADABLE ? new Credentials.Unreadable(problem) : credentials(decoded, length);
        wipe();
        return credentials;
    }

    private static Credentials credentials(byte[] decoded, int length) {
        int colon = 0;
        while (colon < length && decoded[colon] != ':') {
            colon++;
        }
        if (colon == length) {
            return new Credentials.Unreadable("Proxy-Authorization must have a colon between user and password.");
        }
        if (colon == 0) {
            return new Credentials.Unreadable("Proxy-Authorization must name a user in front of the colon.");
        }
        try {
            String user = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, colon))
                    .toString();
            return user.chars().anyMatch(Character::isISOControl) || hasControl(decoded, colon, length)
                    ? new Credentials.Unreadable("User and password must have no control characters (RFC 7617).")
                    : new Credentials.Basic(user, Arrays.copyOfRange(decoded, colon + 1, length));
        } catch (CharacterCodingException e) {
            return new Credentials.Unreadable(
                    "The user in Proxy-Authorization must be UTF-8 text; the client probably sends Latin-1.");
        }
    }

    /** Whether there is an ASCII control character. Others are not detected, because the encoding of a password is unknown. */
    private static boolean hasControl(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((bytes[i] >= 0 && bytes[i] < Octet.SP) || bytes[i] == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
