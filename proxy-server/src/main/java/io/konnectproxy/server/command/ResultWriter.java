package io.konnectproxy.server.command;

import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The writer for a command's results. It remembers the first failure, because the {@code PrintWriter} in front of it
 * hides failures.
 */
final class ResultWriter extends Writer {
    private final Writer target;
    private @Nullable IOException failure;

    ResultWriter(Writer target) {
        this.target = target;
    }

    /**
     * The failure to write; empty if everything was written, or if the reader has closed the pipe, which is no failure.
     */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure).filter(problem -> !isClosedPipe(problem));
    }

    /** The JDK has no separate exception for EPIPE. */
    private static boolean isClosedPipe(IOException problem) {
        return String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        remembering(() -> target.write(text, from, length));
    }

    @Override
    public void flush() throws IOException {
        remembering(target::flush);
    }

    @Override
    public void close() throws IOException {
        remembering(target::close);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void remembering(Writing writing) throws IOException {
        try {
            writing.run();
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }
}
