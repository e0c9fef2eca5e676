package io.konnectproxy.server.config;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Parses the user and password for a parent, from its URL or from a file. Exceptions contain no part of them. */
final class ParentCredentials {
    private static final int MAX_BYTES = 4096;
    /** RFC 3986, section 3.2.1, without '%'. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:-]");

    private ParentCredentials() {}

    /**
     * Parses the userinfo of a URL.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with "the URL"
     */
    static Secret ofUrl(String userinfo) {
        int colon = userinfo.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("has a user and no password; write user:password@ before the host");
        }
        String user = decoded(userinfo.substring(0, colon));
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("has a ':' in its user; no proxy can tell it from the password");
        }
        return secret(user + ":" + decoded(userinfo.substring(colon + 1)), "has");
    }

    /**
     * Reads a file with one line, {@code user:password}, without percent-encoding.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with "the file"
     */
    static Secret ofFile(String name) {
        try (InputStream in = InputFile.open(Path.of(name))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("is larger than 4 KiB; one line is needed, user:password");
            }
            String line = TextDecoding.of(bytes).replaceFirst("\\n\\z", "");
            if (line.indexOf(':') < 0) {
                throw new IllegalArgumentException("must hold one line, user:password");
            }
            return secret(line, "must hold one line, user:password; it has");
        } catch (NotTextException e) {
            throw new IllegalArgumentException(e.at(name) + " " + e.getMessage() + ", with one line, user:password", e);
        } catch (InputFile.NoWriterException e) {
            throw new IllegalArgumentException("cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read; check its permissions", e);
        }
    }

    private static Secret secret(String text, String has) {
        if (text.startsWith(":")) {
            throw new IllegalArgumentException(has + " a password and no user");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(has + " a control character in its user or password");
        }
        return new Secret(text);
    }

    private static String decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(escaped(text, i));
                i += 2;
            } else {
                bytes.write(plain(text.substring(i, i + 1)));
            }
        }
        try {
            return text(bytes.toByteArray());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "has percent-encoded bytes in its user or password that are not UTF-8", e);
        }
    }

    private static int escaped(String text, int at) {
        String digits = text.substring(at + 1, Math.min(at + 3, text.length()));
        if (!digits.matches("[0-9a-fA-F]{2}")) {
            throw new IllegalArgumentException(
                    "has a '%' in its user or password without two hexadecimal digits behind it; the sign itself is"
                            + " written %25");
        }
        return Integer.parseInt(digits, 16);
    }

    private static int plain(String sign) {
        if (PLAIN.matcher(sign).matches()) {
            return sign.charAt(0);
        }
        throw new IllegalArgumentException(
                switch (sign) {
                    case "@" -> bare("@", "%40");
                    case "#" -> bare("#", "%23");
                    case "/" -> bare("/", "%2F");
                    case "?" -> bare("?", "%3F");
                    default ->
                        "has a sign in its user or password that must be percent-encoded; letters, digits and"
                                + " -._~!$&'()*+,;= need not be";
                });
    }

    private static String bare(String sign, String encoded) {
        return "has a bare '" + sign + "' in its user or password; write " + encoded + " for it";
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
