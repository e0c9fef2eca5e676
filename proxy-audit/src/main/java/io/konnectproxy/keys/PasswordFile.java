package io.konnectproxy.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds one password and nothing else, as Docker and Kubernetes mount secrets. */
public final class PasswordFile {
    private PasswordFile() {}

    /**
     * Reads it: one line of UTF-8, whose line end does not count.
     *
     * @throws KeyFileException when it can't be read, or is empty or more than that; one sentence
     */
    public static char[] read(Path file) throws KeyFileException {
        try {
            return password(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new KeyFileException(
                    "The password file " + file + " can't be read; see that it is there and readable.");
        }
    }

    /** The password in what such a file held. */
    public static char[] password(String file, byte[] content) throws KeyFileException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new KeyFileException(file + " is not UTF-8 text; the password must stand there, alone in one line.");
        }
        String password = text.replaceFirst("\\r?\\n\\z", "");
        if (password.isEmpty() || password.indexOf('\n') >= 0) {
            throw new KeyFileException(file + " must hold the password alone in one line.");
        }
        return password.toCharArray();
    }
}
