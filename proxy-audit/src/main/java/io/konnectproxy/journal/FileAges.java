package io.konnectproxy.journal;

import io.konnectproxy.trail.RecordedTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How old the finished files of the trail are, by the time that is known to have passed. An age that is uncertain is
 * underestimated. For one pass over all files, from the newest to the oldest. Not thread-safe.
 */
final class FileAges {
    private static final Logger LOG = LoggerFactory.getLogger(FileAges.class);

    private final Instant counted;
    /** By how much the clock was ahead when the file behind the next one began; empty where that is not known. */
    private Optional<Duration> ahead;

    private Duration oldest = Duration.ofSeconds(Long.MIN_VALUE);

    /**
     * @param counted the time as the trail has seen it pass
     * @param ahead by how much the clock was ahead when the current file began
     */
    FileAges(Instant counted, Duration ahead) {
        this.counted = counted;
        this.ahead = Optional.of(ahead);
    }

    /** Of the next older file, since its last line. It is at least as old as those behind it, whatever the clock said then. */
    Duration older(Path finished) throws IOException {
        Optional<Duration> began = aheadAtHead(finished);
        if (began.isPresent() && ahead.isPresent()) {
            // If the clock jumped within this file, its last line may be from before or after the jump.
            Duration less = began.get().compareTo(ahead.get()) < 0 ? began.get() : ahead.get();
            Instant last = Files.getLastModifiedTime(finished).toInstant().minus(less);
            Duration age = Duration.between(last, counted);
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
        }
        ahead = began;
        return oldest;
    }

    private static Optional<Duration> aheadAtHead(Path finished) {
        try {
            return Optional.of(
                    RecordedTime.atHead(finished).map(RecordedTime::ahead).orElse(Duration.ZERO));
        } catch (IOException e) {
            LOG.debug("{} cannot be read, so its age is not known: {}", finished, e.getMessage());
            return Optional.empty();
        }
    }
}
