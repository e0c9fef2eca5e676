package io.konnectproxy.keys;

import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The content of a file, read once, so that the bytes that are checked and the bytes that are compared later are the
 * same.
 */
public final class FileContent {
    private final String file;
    private final byte[] bytes;

    private FileContent(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * Reads a file to its end.
     *
     * @param kind what the file is called in messages, as in "There is no key file FILE."
     * @param most the largest size in bytes
     */
    public static FileContent read(String kind, Path file, int most) throws KeyFileException {
        try (InputStream in = InputFile.open(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new KeyFileException("The " + kind + " " + file + " has more than " + most / 1024
                        + " KiB; it must be something else.");
            }
            return new FileContent(file.toString(), bytes);
        } catch (NoSuchFileException e) {
            throw new KeyFileException("There is no " + kind + " " + file + ".");
        } catch (AccessDeniedException e) {
            throw new KeyFileException("The " + kind + " " + file + " cannot be read: permission denied.");
        } catch (IOException e) {
            throw new KeyFileException("The " + kind + " " + file + " cannot be read: "
                    + (Files.isDirectory(file) ? "it is a directory." : e.getMessage() + "."));
        }
    }

    /** Like {@link #read}, for a file that is read repeatedly: a pipe would be empty the second time, or block. */
    public static FileContent readRegular(String kind, Path file, int most) throws KeyFileException {
        if (Files.exists(file) && !Files.isDirectory(file) && !Files.isRegularFile(file)) {
            throw new KeyFileException("The " + kind + " " + file + " is a device or a pipe; a plain file is needed.");
        }
        return read(kind, file, most);
    }

    /** The path that it was read from. */
    public String file() {
        return file;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The content as the text of a PEM file. */
    String text() throws KeyFileException {
        try {
            return TextDecoding.ofBlocks(bytes);
        } catch (NotTextException e) {
            throw new KeyFileException(e.at(file) + " " + e.getMessage() + ".");
        }
    }
}
