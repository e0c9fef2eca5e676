package io.konnectproxy.server.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which resolvers are asked without EDNS, since they answer nothing else (RFC 6891, section 7), or since something on the way
 * drops questions that have it. For a while only, so that one that was mended is found. Runs on the DNS event loop.
 */
final class EdnsSupport {
    /** How long a resolver is asked without EDNS. */
    static final Duration MEMORY = Duration.ofMinutes(15);
    /** Questions with EDNS that found silence in a row, where one without found an answer. One may be lost. */
    static final int MAX_SILENCE = 2;
    /** More than a configuration has, and than a resolv.conf names over a day. */
    private static final int CAPACITY = 64;

    private static final Logger log = LoggerFactory.getLogger(EdnsSupport.class);

    private final LongSupplier nanoTime;
    private final Map<InetSocketAddress, State> states = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, State> eldest) {
            return size() > CAPACITY;
        }
    };

    /**
     * What is known of a resolver.
     *
     * @param proven whether it has answered with EDNS
     * @param silences how often in a row it was silent
     * @param plain whether it was told that it is asked without EDNS
     * @param until when it is asked without; no meaning unless it is plain
     */
    private record State(boolean proven, int silences, boolean plain, long until) {}

    EdnsSupport(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether the next question to a resolver has EDNS. */
    boolean isUsed(InetSocketAddress server) {
        @Nullable State state = states.get(server);
        return state == null || !state.plain || nanoTime.getAsLong() - state.until >= 0;
    }

    /** Whether it has answered a question with EDNS, so that its errors have another cause. */
    boolean isProven(InetSocketAddress server) {
        @Nullable State state = states.get(server);
        return state != null && state.proven;
    }

    /** A question with EDNS was answered. */
    void answered(InetSocketAddress server) {
        @Nullable State state = states.put(server, new State(true, 0, false, 0));
        if (state != null && state.plain) {
            log.info("The resolver {} answers questions with EDNS again.", server.getHostString());
        }
    }

    /** A question with EDNS found an error, and the same without it an answer. */
    void refused(InetSocketAddress server) {
        remember(server, MAX_SILENCE);
    }

    /** A question with EDNS found silence, and the same without it an answer. */
    void ignored(InetSocketAddress server) {
        @Nullable State state = states.get(server);
        remember(server, state == null ? 1 : state.silences + 1);
    }

    private void remember(InetSocketAddress server, int silences) {
        @Nullable State before = states.get(server);
        boolean plain = silences >= MAX_SILENCE;
        states.put(server, new State(false, silences, plain, nanoTime.getAsLong() + MEMORY.toNanos()));
        if (plain && (before == null || !before.plain)) {
            log.warn(
                    "The resolver {} does not answer questions with EDNS (RFC 6891). It is asked without, which takes TCP for"
                            + " long answers, and with it again every {} minutes.",
                    server.getHostString(),
                    MEMORY.toMinutes());
        }
    }
}
