package io.konnectproxy.server.credentials;

import static io.konnectproxy.server.credentials.Verification.Busy.BUSY;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies pairs of user and password. A cached result is returned at once. Other pairs are hashed on a small thread pool,
 * each once for all attempts that sent it at the same time. Clients take turns: clients that recently sent a right pair
 * come first, then those with the fewest wrong pairs. Any thread may call.
 */
final class Verifier implements AutoCloseable {
    /** The longest wait for a result, after the delay of the {@link LoginThrottle}. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final int WRONG_PAIRS = 4096;
    private static final int CLIENTS = 10_000;
    /** The priority of a client that recently sent a right pair; that of others is the number of their failures. */
    private static final int PROVEN = -1;

    private static final byte[] NONE = {};
    private static final Logger log = LoggerFactory.getLogger(Verifier.class);

    private final PairKeys keys = new PairKeys();
    private final LoginThrottle throttle;
    private final ProvenClients proven;
    private final Checks checks;
    private final ExecutorService hashing;
    private final LongSupplier nanoTime;
    private final Later later;
    private volatile Generation generation;

    /** Runs an action after a delay. */
    interface Later {
        void run(Runnable action, long nanos);
    }

    /** A state of the users file, and the results of verification against it. */
    private record Generation(UsersFile users, CredentialCache known) {
        Generation(UsersFile users) {
            this(users, new CredentialCache(WRONG_PAIRS));
        }

        /** Right pairs stay cached for users whose hash is unchanged. */
        Generation next(UsersFile next) {
            Generation generation = new Generation(next);
            generation.known.takeOver(known, user -> next.hasSame(user, users));
            return generation;
        }
    }

    Verifier(UsersFile users) {
        this(users, threads(), pool(), System::nanoTime, Verifier::after);
    }

    /** @param threads how many of {@code hashing} are used */
    Verifier(UsersFile users, int threads, ExecutorService hashing, LongSupplier nanoTime, Later later) {
        this.generation = new Generation(users);
        this.checks = new Checks(threads);
        this.hashing = hashing;
        this.throttle = new LoginThrottle(CLIENTS, nanoTime);
        this.proven = new ProvenClients(CLIENTS, nanoTime);
        this.nanoTime = nanoTime;
        this.later = later;
    }

    /** At most half of the processors: the others are left for open tunnels. Idle threads end. */
    private static int threads() {
        return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static ExecutorService pool() {
        var pool = new ThreadPoolExecutor(
                threads(), threads(), 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Verifier::daemon);
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

    /** The users in force. */
    UsersFile users() {
        return generation.users();
    }

    /** Replaces the users; not thread-safe. Cached results of users that were changed or removed are dropped. */
    void replace(UsersFile users) {
        generation = generation.next(users);
        proven.keep(user -> users.hash(user).isPresent());
    }

    CompletableFuture<Verification> verify(InetAddress address, Credentials.Basic credentials) {
        byte[] password = credentials.password();
        if (password.length == 0) {
            return CompletableFuture.completedFuture(Wrong.EMPTY);
        }
        if (password.length > BcryptHash.MAX_PASSWORD || hasZero(password)) {
            return CompletableFuture.completedFuture(Wrong.UNUSABLE);
        }
        InetAddress client = ClientNetwork.of(address);
        Optional<LoginThrottle.LoginTurn> turn = throttle.turn(client);
        if (turn.isEmpty()) {
            return CompletableFuture.completedFuture(Wrong.TOO_MANY);
        }
        PairKey pair = keys.of(credentials.user(), password);
        Arrays.fill(password, (byte) 0);
        CompletableFuture<Verification> answer = new CompletableFuture<>();
        if (turn.get().delay() == 0) {
            inTurn(client, turn.get(), pair, credentials, answer);
        } else {
            later.run(
                    () -> inTurn(client, turn.get(), pair, credentials, answer),
                    turn.get().delay());
        }
        return answer;
    }

    private static boolean hasZero(byte[] password) {
        for (byte each : password) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    private void inTurn(
            InetAddress client,
            LoginThrottle.LoginTurn turn,
            PairKey pair,
            Credentials.Basic credentials,
            CompletableFuture<Verification> answer) {
        if (answer.isDone()) {
            return;
        }
        Optional<Verification> known = generation.known().get(pair);
        if (known.isPresent()) {
            prove(client, known.get());
            answer.complete(known.get());
            return;
        }
        complete(checks.join(client, priority(client), turn, pair, credentials, answer), BUSY);
        startThread();
        if (!answer.isDone()) {
            // The check goes on without this attempt, and its result is cached for the next one.
            var unused = answer.whenComplete((verified, left) -> checks.leave(pair, answer));
            later.run(() -> answer.complete(BUSY), PATIENCE.toNanos());
        }
    }

    private int priority(InetAddress client) {
        int failures = throttle.failures(client);
        return failures < LoginThrottle.FAILURES && proven.has(client) ? PROVEN : failures;
    }

    private void prove(InetAddress client, Verification verified) {
        if (verified instanceof Right right) {
            proven.right(client, right.user());
        }
    }

    private void startThread() {
        if (!checks.reserveThread()) {
            return;
        }
        try {
            hashing.execute(this::hashOne);
        } catch (RejectedExecutionException e) {
            complete(checks.close(), BUSY);
        } catch (Error e) {
            // The system cannot start a thread now; the next attempt tries again.
            checks.threadFailedToStart();
            throw e;
        }
    }

    /**
     * Hashes one pair, then starts a new task, since a client of higher priority may have arrived. After a wrong pair the
     * thread stays reserved for as long as hashing took: guesses get at most half of the hashing time.
     */
    private void hashOne() {
        long begin = nanoTime.getAsLong();
        boolean wrong = false;
        try {
            wrong = checks.begin().map(this::run).orElse(BUSY) instanceof Wrong;
        } finally {
            long rest = nanoTime.getAsLong() - begin;
            if (wrong && rest > 0) {
                later.run(this::threadFinished, rest);
            } else {
                threadFinished();
            }
        }
    }

    private void threadFinished() {
        checks.threadFinished();
        startThread();
    }

    private Verification run(Check check) {
        Verification verified = BUSY;
        try {
            verified = isTooMany(check) ? Wrong.TOO_MANY : hashed(check);
        } catch (RuntimeException e) {
            log.error("A password could not be verified: {}", e.getClass().getName());
        } finally {
            // No attempt can join from here on, so every failure is counted.
            List<CompletableFuture<Verification>> answers = checks.end(check);
            for (InetAddress client : check.clients()) {
                note(client, check.pair(), verified);
            }
            complete(answers, verified);
        }
        return verified;
    }

    /** Whether all clients of the check are limited by now, and no attempt was delayed by the throttle. */
    private boolean isTooMany(Check check) {
        return !check.wasDelayed() && checks.clients(check).stream().allMatch(throttle::slows);
    }

    private void note(InetAddress client, PairKey pair, Verification verified) {
        prove(client, verified);
        if (verified instanceof Wrong && verified != Wrong.TOO_MANY) {
            throttle.failed(client, pair);
        }
        checks.setPriority(client, priority(client));
    }

    private static void complete(List<CompletableFuture<Verification>> answers, Verification verified) {
        answers.forEach(answer -> answer.complete(verified));
    }

    /** Verifies against the users in force when hashing ends: a user that was removed meanwhile is refused. */
    private Verification hashed(Check check) {
        while (true) {
            Generation now = generation;
            Verification verified =
                    now.known().get(check.pair()).orElseGet(() -> verification(now.users(), check.credentials()));
            if (now.users() == generation.users()) {
                now.known().put(check.pair(), verified);
                return verified;
            }
        }
    }

    /**
     * For an unknown user the hash of a fixed existing user is compared, so that timing does not reveal which users exist.
     */
    private Verification verification(UsersFile users, Credentials.Basic credentials) {
        Optional<BcryptHash> hash = users.hash(credentials.user());
        byte[] password = credentials.password();
        BcryptHash compared =
                hash.orElseGet(() -> users.any(keys.of(credentials.user(), NONE).first()));
        boolean matches = compared.matches(password);
        boolean utf8 = isUtf8(password);
        Arrays.fill(password, (byte) 0);
        if (hash.isEmpty()) {
            return Wrong.UNKNOWN_USER;
        }
        if (matches) {
            return new Right(credentials.user());
        }
        return utf8 ? Wrong.passwordOf(credentials.user()) : Wrong.encodingOf(credentials.user());
    }

    private static boolean isUtf8(byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean right = !StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), text, true)
                .isError();
        Arrays.fill(text.array(), '\0');
        return right;
    }

    /** Completes all pending answers with {@code BUSY}. */
    @Override
    public void close() {
        hashing.shutdownNow();
        complete(checks.close(), BUSY);
    }
}
