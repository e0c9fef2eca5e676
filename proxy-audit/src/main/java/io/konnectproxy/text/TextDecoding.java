package io.konnectproxy.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Decodes the text of files that people and their tools write: UTF-8, with or without byte order marks, with LF or CR LF at
 * the ends of lines. The result has neither mark nor CR LF. Stateless; any thread.
 */
public final class TextDecoding {
    /** At the beginning, and where files were joined that began with one. */
    private static final Pattern BYTE_ORDER_MARK = Pattern.compile("(?m)^\\ufeff+");

    private static final Pattern BYTE_ORDER_MARK_AS_BYTES = Pattern.compile("(?m)^(\\u00ef\\u00bb\\u00bf)+");

    private static final String SAVE = "; save the file as UTF-8";

    private TextDecoding() {}

    /**
     * Decodes a file.
     *
     * @throws NotTextException if the bytes are of another encoding, or have a NUL
     */
    public static String of(byte[] bytes) throws NotTextException {
        requireNoOtherMark(bytes);
        requireNoNul(bytes);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (decoder.decode(in, out, true).isError()) {
            throw notUtf8(bytes, in.position());
        }
        String text = out.flip().toString();
        return BYTE_ORDER_MARK.matcher(text.replace("\r\n", "\n")).replaceAll("");
    }

    /**
     * Decodes a file of a format in ASCII that has free words around its blocks, such as PEM. What is not ASCII is kept as one
     * character a byte: in the words it does not matter, and in a block its reader refuses it.
     *
     * @throws NotTextException if the bytes are UTF-16 or UTF-32
     */
    public static String ofBlocks(byte[] bytes) throws NotTextException {
        requireNoOtherMark(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        // Without a mark, every second byte of UTF-16 is a NUL.
        if (text.length() > 1 && (text.charAt(0) == '\0') != (text.charAt(1) == '\0')) {
            throw nul(1);
        }
        return BYTE_ORDER_MARK_AS_BYTES.matcher(text).replaceAll("");
    }

    private static void requireNoOtherMark(byte[] bytes) throws NotTextException {
        if (beginsWith(bytes, 0xff, 0xfe, 0, 0) || beginsWith(bytes, 0, 0, 0xfe, 0xff)) {
            throw other("UTF-32 text");
        }
        if (beginsWith(bytes, 0xff, 0xfe)) {
            throw other("UTF-16 text (LE), which Windows PowerShell and some editors write");
        }
        if (beginsWith(bytes, 0xfe, 0xff)) {
            throw other("UTF-16 text (BE)");
        }
    }

    private static boolean beginsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static NotTextException other(String encoding) {
        return new NotTextException(0, encoding + SAVE, encoding + SAVE);
    }

    private static void requireNoNul(byte[] bytes) throws NotTextException {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw nul(line(bytes, i));
            }
        }
    }

    private static int line(byte[] bytes, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    private static NotTextException nul(int line) {
        String what = "a NUL byte in it, as all text in UTF-16 has" + SAVE;
        return new NotTextException(line, what, what);
    }

    private static NotTextException notUtf8(byte[] bytes, int at) {
        int octet = bytes[at] & 0xff;
        String hex = String.format(Locale.ROOT, "0x%02X", octet);
        // Latin-1 has no printable characters below 0xA0.
        String latin = octet >= 0xa0 ? " ('" + (char) octet + "' if the file is Latin-1)" : "";
        return new NotTextException(
                line(bytes, at),
                "a byte that is not UTF-8; the file is probably Latin-1" + SAVE,
                "a byte that is not UTF-8, " + hex + latin + SAVE);
    }
}
