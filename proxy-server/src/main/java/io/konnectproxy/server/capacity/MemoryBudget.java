package io.konnectproxy.server.capacity;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that clients may make this process hold, counted before it is allocated: on the heap for each connection and
 * for bytes that wait until its tunnel is open, and in buffers for bytes that an open tunnel has not written yet. Both have
 * a bound. A client, which is an IPv4 address or an IPv6 /64, may hold no more than it leaves free: the client that holds
 * most is refused first, and N clients that take all they can leave a share of 1/(N + 1) to the next one. Any thread.
 */
public final class MemoryBudget {
    private final Pool heap;
    private final Pool buffers;
    private final ConcurrentMap<InetAddress, Account> accounts = new ConcurrentHashMap<>();

    public MemoryBudget(MemoryBounds bounds) {
        this.heap = new Pool(bounds.heap());
        this.buffers = new Pool(bounds.buffers());
    }

    /** Changes the bounds. What is held already stays, and more is refused where it is beyond them. */
    public void limit(MemoryBounds bounds) {
        heap.most = bounds.heap();
        buffers.most = bounds.buffers();
    }

    /** Creates the empty share of a new connection. */
    public Share share(InetAddress client) {
        return new Share(account(ClientNetwork.of(client)));
    }

    /** The bytes that are held now. */
    public long held() {
        return heap.used.get() + buffers.used.get();
    }

    /** The number of clients with a connection. */
    int clients() {
        return accounts.size();
    }

    private Account account(InetAddress client) {
        return accounts.compute(client, (same, there) -> {
            Account account = there == null ? new Account(same) : there;
            account.shares++;
            return account;
        });
    }

    private void leave(Account account) {
        accounts.computeIfPresent(account.client, (same, there) -> --there.shares == 0 ? null : there);
    }

    private static final class Pool {
        private volatile long most;
        private final AtomicLong used = new AtomicLong();

        Pool(long most) {
            this.most = most;
        }

        /** The bytes that a client may take that already holds {@code own}. */
        long room(long own) {
            return most - used.get() - own;
        }

        void add(long bytes, AtomicLong own) {
            used.addAndGet(bytes);
            own.addAndGet(bytes);
        }

        boolean take(long bytes, AtomicLong own) {
            add(bytes, own);
            if (room(own.get()) >= 0) {
                return true;
            }
            add(-bytes, own);
            return false;
        }
    }

    /** The bytes of all connections of a client. */
    private static final class Account {
        private final InetAddress client;
        private final AtomicLong heap = new AtomicLong();
        private final AtomicLong buffers = new AtomicLong();
        /** Changed only within {@code compute} of the map. */
        private int shares;

        Account(InetAddress client) {
            this.client = client;
        }
    }

    /** The bytes of one connection. Not thread-safe. */
    public final class Share {
        private Account account;
        private long held;
        private boolean closed;

        private Share(Account account) {
            this.account = account;
        }

        /**
         * Counts bytes that are about to be held on the heap.
         *
         * @return false if they must not be held; then nothing is counted
         */
        public boolean hold(long bytes) {
            if (closed || !heap.take(bytes, account.heap)) {
                return false;
            }
            held += bytes;
            return true;
        }

        /** Releases bytes that were held. */
        public void release(long bytes) {
            if (!closed) {
                heap.add(-bytes, account.heap);
                held -= bytes;
            }
        }

        /** How many more bytes may be buffered; not positive if none may. */
        public long room() {
            return buffers.room(account.buffers.get());
        }

        /**
         * Counts buffered bytes; they are allocated already, so they are never refused.
         *
         * @param bytes negative for bytes that are no longer buffered
         */
        public void buffered(long bytes) {
            buffers.add(bytes, account.buffers);
        }

        /** Moves the share to the real client of the connection, known from a PROXY header. */
        public void belongTo(InetAddress client) {
            Account before = account;
            account = account(ClientNetwork.of(client));
            before.heap.addAndGet(-held);
            account.heap.addAndGet(held);
            leave(before);
        }

        /** Releases all that is held. Buffered bytes are counted until they are written or discarded. */
        public void close() {
            if (!closed) {
                release(held);
                closed = true;
                leave(account);
            }
        }
    }
}
