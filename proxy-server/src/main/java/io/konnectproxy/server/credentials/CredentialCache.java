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
 * What was verified against one state of the users file. Right pairs are at most as many as there are users, and wrong ones
 * can't push them out; of the wrong ones those asked for lately stay. Any thread.
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

    /** Takes the right pairs of some users over. A wrong one may be right now, as that of a user who was not there before. */
    void takeOver(CredentialCache others, Predicate<String> users) {
        others.right.forEach((pair, known) -> {
            if (users.test(known.user())) {
                right.put(pair, known);
            }
        });
    }
}
