package io.konnectproxy.server.file;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One or several files that are parsed again when their content changes. Only content is compared, no metadata: that finds
 * a changed symbolic link, a file that was overwritten, and two changes within a second. A change counts once two polls in
 * a row have found it, since the first may have read a partial file. Invalid content changes nothing, is reported once, and
 * is parsed again every minute, because a certificate may become valid. Any thread.
 *
 * @param <T> the parsed content
 */
public final class WatchedFile<T> implements FileWatch.Watched {
    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

    private final Supplier<Snapshot<T>> files;
    private final Follower<T> follower;
    private final InstantSource clock;
    private volatile T value;
    private String inForce;
    private String seen;
    private @Nullable Failure failure;

    /** Is notified on the polling thread. */
    public interface Follower<T> {
        /** The files have new valid content, which is in force from now on. */
        void changed(T before, T now);

        /** The files have invalid content; the previous value stays in force. */
        void failed(String sentence, T stays);

        /** After a failure, the files have the content in force again. */
        default void restored(T value) {}
    }

    private record Failure(String digest, String sentence, Instant at) {}

    /**
     * Creates a watched file of content that was read already; {@link FileWatch#add} starts polling.
     *
     * @param files reads the files
     * @param digest of the content that is in force
     * @param value the parsed content in force
     */
    public WatchedFile(Supplier<Snapshot<T>> files, String digest, T value, Follower<T> follower, InstantSource clock) {
        this.files = files;
        this.inForce = digest;
        this.seen = digest;
        this.value = value;
        this.follower = follower;
        this.clock = clock;
    }

    /** The value of the last valid content. */
    public T value() {
        return value;
    }

    @Override
    public synchronized void look(boolean atOnce) {
        Snapshot<T> now = files.get();
        boolean settled = atOnce || now.digest().equals(seen);
        seen = now.digest();
        if (!settled) {
            return;
        }
        if (!now.digest().equals(inForce)) {
            parse(now);
        } else if (failure != null) {
            failure = null;
            follower.restored(value);
        }
    }

    private void parse(Snapshot<T> now) {
        if (failure != null && failure.digest().equals(now.digest()) && !isDue(failure)) {
            return;
        }
        T read;
        try {
            read = now.value().get();
        } catch (IllegalArgumentException e) {
            failed(new Failure(now.digest(), String.valueOf(e.getMessage()), clock.instant()));
            return;
        }
        T before = value;
        value = read;
        inForce = now.digest();
        failure = null;
        follower.changed(before, read);
    }

    private boolean isDue(Failure earlier) {
        return Duration.between(earlier.at(), clock.instant()).abs().compareTo(RETRY_INTERVAL) >= 0;
    }

    private void failed(Failure now) {
        boolean told = failure != null
                && failure.digest().equals(now.digest())
                && failure.sentence().equals(now.sentence());
        failure = now;
        if (!told) {
            follower.failed(now.sentence(), value);
        }
    }
}
