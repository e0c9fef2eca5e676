package io.konnectproxy.server.credentials;

import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who may come in with Basic credentials: verifies them, and follows the file they stand in. Any thread may call. */
public final class Users implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private final UsersWatch watch;
    private final Verifier verifier;
    private final ScheduledExecutorService looking;

    private Users(UsersWatch watch, Duration lookEvery) {
        this.watch = watch;
        this.verifier = new Verifier(watch.users());
        this.looking = Executors.newSingleThreadScheduledExecutor(action -> {
            Thread thread = new Thread(action, "users-file");
            thread.setDaemon(true);
            return thread;
        });
        var unused = looking.scheduleWithFixedDelay(
                this::look, lookEvery.toMillis(), lookEvery.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads a users file and follows it from then on.
     *
     * @throws IllegalArgumentException as {@link UsersFile#read} does
     */
    public static Users of(String file) {
        return of(file, LOOK_EVERY);
    }

    static Users of(String file, Duration lookEvery) {
        return new Users(new UsersWatch(file), lookEvery);
    }

    private void look() {
        try {
            watch.look(false, verifier::replace);
        } catch (RuntimeException | Error e) {
            // The next look is as good as this one; without this there would be none.
            LOG.error("The users file cannot be looked at ({}); the users from before stay.", e.toString());
        }
    }

    /**
     * Says whether a password is right. Never blocks.
     *
     * @param client the client's own address; wrong passwords from there slow down what comes from there later
     * @return completes within some seven seconds, at the latest, on any thread; what was verified before is complete at once.
     *     Never completes exceptionally. Whoever waits no longer cancels it
     */
    public CompletableFuture<Verification> verify(InetAddress client, Credentials.Basic credentials) {
        return verifier.verify(client, credentials);
    }

    /** Who is in the file now. */
    public Set<String> names() {
        return verifier.users().names();
    }

    /** Takes the file as it is now; reads it on the calling thread. */
    public void lookNow() {
        watch.look(true, verifier::replace);
    }

    @Override
    public void close() {
        looking.shutdownNow();
        verifier.close();
    }
}
