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

/** The ways to an upstream that a tunnel has left, in the order in which they are tried. On the tunnel's event loop. */
interface Route {
    /**
     * The next attempt.
     *
     * @throws java.util.NoSuchElementException where {@link #left} is 0
     */
    Attempt next();

    /** The attempt that was given last failed. */
    void failed(DialFailure failure);

    /** The parent that is being tried has so many further addresses. */
    void elsewhere(int addresses);

    /** How many attempts there still are, as far as is known. */
    int left();

    /** To one address of the upstream after the other. */
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
     * Through one parent after the other, never past them.
     *
     * @param name the upstream's {@code host:port}, for parents that resolve it themselves
     * @param addresses the upstream's checked addresses as {@code address:port}, for those that are asked for one
     */
    static Route through(List<ParentProxy> parents, String name, List<String> addresses) {
        return new ThroughParents(parents, name, addresses);
    }

    /** A parent that can't be reached is tried at its other addresses, one that can't reach the upstream with its others. */
    final class ThroughParents implements Route {
        /** One parent is not to use up the time of all. */
        private static final int MOST_TRIES = 16;
        /** With as many of the upstream's addresses: a parent takes its time to find that one is dead. */
        private static final int MOST_ASKED = 3;

        private final Deque<ParentProxy> parents;
        private final String name;
        private final List<String> addresses;
        private @Nullable ParentProxy current;
        private boolean again;
        private int tries;
        private Set<InetSocketAddress> dialled = new HashSet<>();
        private int asked;
        /** Attempts at further addresses of the current one, should this one fail. */
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
