package io.konnectproxy.server.config;

import io.konnectproxy.text.InputFile;
import io.konnectproxy.text.NotTextException;
import io.konnectproxy.text.TextDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads small text files; a failure becomes a problem. */
final class TextFile {
    static final int MAX_BYTES = 1 << 20;

    private TextFile() {}

    /** @param absent the remedy if the file does not exist */
    static Optional<String> read(Path file, String absent, Problems problems) {
        SourceLocation place = new SourceLocation(file.toString(), 0);
        if (Files.isDirectory(file)) {
            problems.add(place, "", "this is a directory; a file is needed");
            return Optional.empty();
        }
        try (InputStream in = InputFile.open(file)) {
            return text(in, place, problems);
        } catch (NoSuchFileException e) {
            String folder = file.isAbsolute() ? "" : " in " + Path.of("").toAbsolutePath();
            problems.add(place, "", "there is no such file" + folder + "; " + absent);
        } catch (InputFile.NoWriterException e) {
            problems.add(place, "", "the file cannot be read: " + e.getMessage());
        } catch (IOException e) {
            problems.add(place, "", "the file cannot be read; check its permissions");
        }
        return Optional.empty();
    }

    static Optional<String> text(InputStream in, SourceLocation place, Problems problems) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            problems.add(place, "", "the file is larger than 1 MiB");
            return Optional.empty();
        }
        try {
            return Optional.of(TextDecoding.of(bytes));
        } catch (NotTextException e) {
            problems.add(
                    new SourceLocation(place.source(), e.line()),
                    "",
                    (e.line() == 0 ? "the file " : "the line ") + e.shown());
            return Optional.empty();
        }
    }
}
