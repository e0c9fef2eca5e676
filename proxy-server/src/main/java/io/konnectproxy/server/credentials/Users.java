package io.konnectproxy.server.credentials;

import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.file.Snapshot;
import io.konnectproxy.server.file.WatchedFile;
import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies Basic credentials against a users file, and watches that file. Any thread may call. */
public final class Users implements AutoCloseable, WatchedFile.Follower<UsersFile> {
    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    private final String file;
    private final FileWatch watch;
    private final WatchedFile<UsersFile> watched;
    private final Verifier verifier;

    private Users(String file, FileWatch watch, byte[] bytes, UsersFile first) {
        this.file = file;
        this.watch = watch;
        this.verifier = new Verifier(first);
        this.watched =
                new WatchedFile<>(this::snapshot, Snapshot.digest(List.of(bytes)), first, this, InstantSource.system());
    }

    /**
     * Reads a users file and watches it.
     *
     * @throws IllegalArgumentException as {@link UsersFile#read} does
     */
    public static Users of(String file, FileWatch watch) {
        byte[] bytes = UsersFile.bytes(file);
        Users users = new Users(file, watch, bytes, UsersFile.parse(bytes));
        watch.add(users.watched);
        return users;
    }

    private Snapshot<UsersFile> snapshot() {
        try {
            byte[] bytes = UsersFile.bytes(file);
            return new Snapshot<>(Snapshot.digest(List.of(bytes)), () -> UsersFile.parse(bytes));
        } catch (IllegalArgumentException e) {
            return Snapshot.unreadable(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void changed(UsersFile before, UsersFile now) {
        Set<String> added = new HashSet<>(now.names());
        added.removeAll(before.names());
        Set<String> gone = new HashSet<>(before.names());
        gone.removeAll(now.names());
        LOG.info(
                "{} was read anew: {} users, {} of them new; {} are gone.",
                file,
                now.names().size(),
                added.size(),
                gone.size());
        verifier.replace(now);
    }

    @Override
    public void failed(String sentence, UsersFile stays) {
        LOG.warn("{} {}. The users that were read before stay.", file, sentence);
    }

    @Override
    public void restored(UsersFile users) {
        changed(users, users);
    }

    /**
     * Verifies a pair of user and password. Never blocks.
     *
     * @param client the address of the client; several wrong passwords limit its later attempts
     * @return completes within about seven seconds, on any thread; a cached result is complete at once. Never completes
     *     exceptionally. A caller that no longer waits cancels it
     */
    public CompletableFuture<Verification> verify(InetAddress client, Credentials.Basic credentials) {
        return verifier.verify(client, credentials);
    }

    /**
     * Whom a client claimed to be whose pair is wrong; empty where that may be a secret. Somebody who swaps the two sends the
     * password as user, and somebody with a token sends that alone. Empty too where the pair was not looked at.
     */
    public Optional<String> claimed(Credentials.Basic credentials, Verification.Wrong wrong) {
        if (wrong.equals(Verification.Wrong.TOO_MANY)) {
            return Optional.empty();
        }
        String password = new String(credentials.password(), StandardCharsets.UTF_8);
        boolean mayBeSecret = password.isEmpty() || names().contains(password);
        return names().contains(credentials.user()) || !mayBeSecret
                ? Optional.of(credentials.user())
                : Optional.empty();
    }

    /** The names of the users in force. */
    public Set<String> names() {
        return verifier.users().names();
    }

    /** Watches the file no longer. Pairs that wait to be verified are not. */
    @Override
    public void close() {
        watch.remove(watched);
        verifier.close();
    }
}
