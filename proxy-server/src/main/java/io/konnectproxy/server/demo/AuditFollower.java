package io.konnectproxy.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads an audit file as it grows, each line once. */
final class AuditFollower {
    private static final int ATTEMPTS = 200;
    private static final int PAUSE_MILLIS = 10;

    private final Path file;
    private int read;

    AuditFollower(Path file) {
        this.file = file;
    }

    /** The next line that contains this text; lines before it are skipped. Waits for a bounded time. */
    Optional<String> await(String text) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<String> lines = Files.readAllLines(file);
            for (int i = read; i < lines.size(); i++) {
                if (lines.get(i).contains(text)) {
                    read = i + 1;
                    return Optional.of(lines.get(i));
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return Optional.empty();
    }
}
