package io.konnectproxy.keys;

import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file that contains only one password, as Docker and Kubernetes mount secrets. */
public final class PasswordFile {
    private PasswordFile() {}

    /**
     * Reads the password: one line of UTF-8, without its line end.
     *
     * @throws KeyFileException when the file cannot be read, or does not have exactly one line; the message is one
     * sentence
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

    /** The password in the content of such a file. */
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
