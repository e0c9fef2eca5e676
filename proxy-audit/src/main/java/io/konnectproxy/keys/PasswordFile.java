package io.konnectproxy.keys;

import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
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
        try (InputStream in = InputFile.open(file)) {
            return password(file.toString(), in.readAllBytes());
        } catch (InputFile.NoWriterException e) {
            throw new KeyFileException("The password file " + file + " can't be read: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw new KeyFileException(
                    "The password file " + file + " can't be read; see that it is there and readable.");
        }
    }

    /** The password in what such a file held. */
    public static char[] password(String file, byte[] content) throws KeyFileException {
        String text;
        try {
            text = TextDecoding.of(content);
        } catch (NotTextException e) {
            throw new KeyFileException(e.at(file) + " " + e.getMessage() + ", with the password alone in one line.");
        }
        String password = text.replaceFirst("\\n\\z", "");
        if (password.isEmpty() || password.indexOf('\n') >= 0) {
            throw new KeyFileException(file + " must hold the password alone in one line.");
        }
        return password.toCharArray();
    }
}
