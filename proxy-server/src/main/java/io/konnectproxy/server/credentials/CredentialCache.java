package io.konnectproxy.server.credentials;

import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Results of verification against one state of the users file. There is at most one right pair for each user, and wrong
 * pairs cannot evict it. The number of wrong pairs is bounded; the least recently used one is evicted first. Any thread.
 */
final class CredentialCache {
    private final Map<PairKey, Right> right = new ConcurrentHashMap<>();
    private final Map<PairKey, Wrong> wrong;

    CredentialCache(int capacity) {
        wrong = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<PairKey, Wrong> eldest) {
                return size() > capacity;
            }
        });
    }

    Optional<Verification> get(PairKey pair) {
        @Nullable Verification known = right.get(pair);
        return Optional.ofNullable(known != null ? known : wrong.get(pair));
    }

    void put(PairKey pair, Verification verified) {
        if (verified instanceof Right known) {
            right.put(pair, known);
        } else if (verified instanceof Wrong known) {
            wrong.put(pair, known);
        }
    }

    /** Copies the right pairs of some users. Wrong pairs are not copied: they may be right in the new state of the file. */
    void takeOver(CredentialCache others, Predicate<String> users) {
        others.right.forEach((pair, known) -> {
            if (users.test(known.user())) {
                right.put(pair, known);
            }
        });
    }
}
