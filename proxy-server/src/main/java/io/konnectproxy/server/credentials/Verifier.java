package io.konnectproxy.server.credentials;

import static io.konnectproxy.server.credentials.Verification.Busy.BUSY;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies pairs of user and password. What was verified before is answered at once; the rest is hashed on a few threads of
 * its own, once for all who ask for the same at the same time. Any thread may call.
 */
final class Verifier implements AutoCloseable {
    /** The longest that anybody waits for an answer, other than for its {@link Brake turn}. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int WRONG_PAIRS = 4096;
    private static final int CLIENTS = 10_000;
    /** Hashes that may wait: what two threads do in some ten seconds at a cost of 10. */
    private static final int QUEUE = 256;

    private static final byte[] NONE = {};
    private static final Logger log = LoggerFactory.getLogger(Verifier.class);

    private final PairKeys keys = new PairKeys();
    private final Brake brake;
    private final ExecutorService hashing;
    private final Later later;
    private volatile Generation generation;

    /** Does something after some nanoseconds. */
    interface Later {
        void run(Runnable action, long nanos);
    }

    /** A state of the users file, and all that is known from it and of it only. */
    private record Generation(UsersFile users, KnownPairs known, ConcurrentMap<PairKey, Check> running) {
        Generation(UsersFile users) {
            this(users, new KnownPairs(WRONG_PAIRS), new ConcurrentHashMap<>());
        }
    }

    Verifier(UsersFile users) {
        this(users, pool(), System::nanoTime, Verifier::after);
    }

    Verifier(UsersFile users, ExecutorService hashing, LongSupplier nanoTime, Later later) {
        this.generation = new Generation(users);
        this.hashing = hashing;
        this.brake = new Brake(CLIENTS, nanoTime);
        this.later = later;
    }

    /** Leaves processors for those who are in already: half of them hash, and none where nobody comes. */
    private static ExecutorService pool() {
        int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        var pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), Verifier::daemon);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable action) {
        Thread thread = new Thread(action, "credentials");
        thread.setDaemon(true);
        return thread;
    }

    private static void after(Runnable action, long nanos) {
        Executor delayed = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run);
        delayed.execute(action);
    }

    /** The users of now; what is known of others is forgotten. */
    UsersFile users() {
        return generation.users();
    }

    void replace(UsersFile users) {
        generation = new Generation(users);
    }

    CompletableFuture<Verification> verify(InetAddress address, Credentials.Basic credentials) {
        byte[] password = credentials.password();
        if (password.length == 0 || password.length > BcryptHash.MAX_PASSWORD || hasZero(password)) {
            return CompletableFuture.completedFuture(Wrong.UNUSABLE);
        }
        InetAddress client = ClientNetwork.of(address);
        Optional<Brake.Turn> turn = brake.turn(client);
        if (turn.isEmpty()) {
            return CompletableFuture.completedFuture(Wrong.TOO_MANY);
        }
        PairKey pair = keys.of(credentials.user(), password);
        Arrays.fill(password, (byte) 0);
        if (turn.get().delay() == 0) {
            return inTurn(client, turn.get(), pair, credentials);
        }
        CompletableFuture<Verification> result = new CompletableFuture<>();
        later.run(
                () -> inTurn(client, turn.get(), pair, credentials).thenAccept(result::complete),
                turn.get().delay());
        return result;
    }

    private static boolean hasZero(byte[] password) {
        for (byte each : password) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    private CompletableFuture<Verification> inTurn(
            InetAddress client, Brake.Turn turn, PairKey pair, Credentials.Basic credentials) {
        Generation now = generation;
        Optional<Verification> known = now.known().get(pair);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        Check check = now.running().compute(pair, (same, there) -> {
            Check joined = there == null ? new Check() : there;
            joined.join(client, turn);
            return joined;
        });
        if (check.begin()) {
            begin(now, check, pair, credentials);
        }
        return patiently(check);
    }

    /** Gives up waiting; the check goes on, and its answer is there when the client comes back. */
    private CompletableFuture<Verification> patiently(Check check) {
        CompletableFuture<Verification> answer = check.result().copy();
        if (!answer.isDone()) {
            later.run(() -> answer.complete(BUSY), PATIENCE.toNanos());
        }
        return answer;
    }

    private void begin(Generation now, Check check, PairKey pair, Credentials.Basic credentials) {
        try {
            hashing.execute(() -> run(now, check, pair, credentials));
        } catch (RejectedExecutionException e) {
            now.running().remove(pair);
            check.result().complete(BUSY);
        }
    }

    private void run(Generation now, Check check, PairKey pair, Credentials.Basic credentials) {
        Verification verified = BUSY;
        try {
            verified = check.isTooMany(brake) ? Wrong.TOO_MANY : hashed(now, pair, credentials);
        } catch (RuntimeException e) {
            log.error("A password could not be verified: {}", e.getClass().getName());
        } finally {
            // Nobody joins from here on, so that nobody's failure goes uncounted.
            now.running().remove(pair);
            if (verified instanceof Wrong && verified != Wrong.TOO_MANY) {
                check.clients().forEach(client -> brake.failed(client, pair));
            }
            check.result().complete(verified);
        }
    }

    private Verification hashed(Generation now, PairKey pair, Credentials.Basic credentials) {
        return now.known().get(pair).orElseGet(() -> {
            Verification verified = verification(now.users(), credentials);
            now.known().put(pair, verified);
            return verified;
        });
    }

    /** An unknown user costs what one of the known ones costs, always the same one: how long it takes tells nothing. */
    private Verification verification(UsersFile users, Credentials.Basic credentials) {
        Optional<BcryptHash> hash = users.hash(credentials.user());
        byte[] password = credentials.password();
        BcryptHash compared =
                hash.orElseGet(() -> users.any(keys.of(credentials.user(), NONE).first()));
        boolean matches = compared.matches(password);
        Arrays.fill(password, (byte) 0);
        if (hash.isEmpty()) {
            return Wrong.UNKNOWN_USER;
        }
        return matches ? new Right(credentials.user()) : Wrong.passwordOf(credentials.user());
    }

    /** Those who still wait are told that it is busy. */
    @Override
    public void close() {
        hashing.shutdownNow();
        generation.running().values().forEach(check -> check.result().complete(BUSY));
    }
}
