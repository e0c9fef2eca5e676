package io.konnectproxy.server.file;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One or several files that are read anew when what they hold has changed. Only the content is compared, and nothing that the
 * file system says of it: a link that is turned, a file that is written over and one that is changed twice in a second are all
 * noticed. A change counts once two looks in a row have found it, for the first may have found half a file. Content that
 * cannot be used changes nothing, is told once, and is tried again every minute, because a certificate may become valid. Any
 * thread.
 *
 * @param <T> what the files mean
 */
public final class WatchedFile<T> implements FileWatch.Watched {
    private static final Duration ANOTHER_TRY = Duration.ofMinutes(1);

    private final Supplier<Snapshot<T>> files;
    private final Follower<T> follower;
    private final InstantSource clock;
    private volatile T value;
    private String inForce;
    private String seen;
    private @Nullable Failure failure;

    /** Who is told, on the thread that looks. */
    public interface Follower<T> {
        /** The files hold something else, which is good and in force from now on. */
        void changed(T before, T now);

        /** The files hold what cannot be used; the value from before stays. */
        void failed(String sentence, T stays);

        /** The files hold again what is in force, after a failure. */
        default void restored(T value) {}
    }

    private record Failure(String digest, String sentence, Instant at) {}

    /**
     * Files that were read once. {@link FileWatch#add} has them looked at from then on.
     *
     * @param files reads them
     * @param digest of the content that is in force
     * @param value what that means
     */
    public WatchedFile(Supplier<Snapshot<T>> files, String digest, T value, Follower<T> follower, InstantSource clock) {
        this.files = files;
        this.inForce = digest;
        this.seen = digest;
        this.value = value;
        this.follower = follower;
        this.clock = clock;
    }

    /** What the files meant when they were last found good. */
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
            judge(now);
        } else if (failure != null) {
            failure = null;
            follower.restored(value);
        }
    }

    private void judge(Snapshot<T> now) {
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
        return Duration.between(earlier.at(), clock.instant()).abs().compareTo(ANOTHER_TRY) >= 0;
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
