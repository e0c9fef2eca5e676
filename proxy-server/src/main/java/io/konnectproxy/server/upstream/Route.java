package io.konnectproxy.server.upstream;

import io.konnectproxy.server.upstream.DialFailure.Declined;
import io.konnectproxy.server.upstream.DialFailure.Unreachable;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The remaining attempts to reach a tunnel's upstream, in their order. Runs on the tunnel's event loop. */
interface Route {
    /**
     * The next attempt.
     *
     * @throws java.util.NoSuchElementException where {@link #left} is 0
     */
    Attempt next();

    /** The last attempt from {@link #next} has failed. */
    void failed(DialFailure failure);

    /** The parent that is being tried has this many further addresses. */
    void elsewhere(int addresses);

    /** The number of remaining attempts, as far as it is known. */
    int left();

    /** Tries the addresses of the upstream one after the other. */
    static Route direct(List<InetSocketAddress> addresses) {
        Deque<InetSocketAddress> toDial = new ArrayDeque<>(addresses);
        return new Route() {
            @Override
            public Attempt next() {
                return new Attempt.Direct(toDial.remove());
            }

            @Override
            public void failed(DialFailure failure) {}

            @Override
            public void elsewhere(int addresses) {}

            @Override
            public int left() {
                return toDial.size();
            }
        };
    }

    /**
     * Tries the parents one after the other, and never dials the upstream directly.
     *
     * @param name the upstream's {@code host:port}, for parents that resolve it themselves
     * @param addresses the upstream's checked addresses as {@code address:port}, for those that are asked for one
     */
    static Route through(List<ParentProxy> parents, String name, List<String> addresses) {
        return new ThroughParents(parents, name, addresses);
    }

    /**
     * A parent that cannot be reached is tried at its other addresses; a parent that cannot reach the upstream is asked
     * for the upstream's other addresses.
     */
    final class ThroughParents implements Route {
        /** The limit of attempts for one parent, so that it does not use up the time of the others. */
        private static final int MOST_TRIES = 16;
        /**
         * The limit of upstream addresses that one parent is asked for, because a parent may need long to find that an
         * address is dead.
         */
        private static final int MOST_ASKED = 3;

        private final Deque<ParentProxy> parents;
        private final String name;
        private final List<String> addresses;
        private @Nullable ParentProxy current;
        private boolean again;
        private int tries;
        private Set<InetSocketAddress> dialled = new HashSet<>();
        private int asked;
        /** The attempts at further addresses of the current parent, should this attempt fail. */
        private int further;

        private ThroughParents(List<ParentProxy> parents, String name, List<String> addresses) {
            this.parents = new ArrayDeque<>(parents);
            this.name = name;
            this.addresses = List.copyOf(addresses);
        }

        @Override
        public Attempt next() {
            ParentProxy parent = current;
            if (parent == null || !again) {
                parent = parents.remove();
                current = parent;
                tries = 0;
                dialled = new HashSet<>();
                asked = 0;
            }
            again = false;
            further = 0;
            tries++;
            return new Attempt.Via(parent, parent.resolves() ? name : addresses.get(asked), dialled);
        }

        @Override
        public void failed(DialFailure failure) {
            ParentProxy parent = current;
            if (parent == null) {
                throw new IllegalStateException("nothing was tried");
            }
            further = 0;
            boolean more;
            if (failure instanceof Declined declined) {
                parent.health().answered();
                more = declined.isAboutTheAddress()
                        && !parent.resolves()
                        && ++asked < Math.min(addresses.size(), MOST_ASKED);
            } else {
                more = ((Unreachable) failure).elsewhere();
            }
            again = more && tries < MOST_TRIES;
            if (!again && failure instanceof Unreachable unreachable) {
                parent.health().failed(unreachable.hint().orElse(""));
            }
        }

        @Override
        public void elsewhere(int addresses) {
            further = Math.min(addresses, MOST_TRIES - tries);
        }

        @Override
        public int left() {
            return parents.size() + (again ? 1 : 0) + further;
        }
    }
}
