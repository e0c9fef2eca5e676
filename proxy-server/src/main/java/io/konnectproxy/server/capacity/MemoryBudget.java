package io.konnectproxy.server.capacity;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that clients may make this process keep, counted before it is kept: on the heap for each connection and for what
 * waits until its tunnel is open, and in buffers for what an open tunnel could not hand on yet. Each of the two has a bound. A
 * client, which is an IPv4 address or an IPv6 /64, may have no more of it than it leaves free: whoever holds most is refused
 * first, and N clients that take all they can leave one part of N + 1 to the next one. Any thread.
 */
public final class MemoryBudget {
    private final Pool heap;
    private final Pool buffers;
    private final ConcurrentMap<InetAddress, Account> accounts = new ConcurrentHashMap<>();

    public MemoryBudget(MemoryBounds bounds) {
        this.heap = new Pool(bounds.heap());
        this.buffers = new Pool(bounds.buffers());
    }

    /** The part of a connection, which has nothing yet. */
    public Share share(InetAddress client) {
        return new Share(account(ClientNetwork.of(client)));
    }

    /** Bytes that are held at this moment. */
    public long held() {
        return heap.used.get() + buffers.used.get();
    }

    /** Clients that are known at this moment: those with a connection. */
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
        private final long most;
        private final AtomicLong used = new AtomicLong();

        Pool(long most) {
            this.most = most;
        }

        /** What a client that has so much may still take. */
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

    /** What all connections of a client have together. */
    private static final class Account {
        private final InetAddress client;
        private final AtomicLong heap = new AtomicLong();
        private final AtomicLong buffers = new AtomicLong();
        /** Changed only inside the map's own computations. */
        private int shares;

        Account(InetAddress client) {
            this.client = client;
        }
    }

    /** What one connection has. Not for several threads at once. */
    public final class Share {
        private Account account;
        private long held;
        private boolean closed;

        private Share(Account account) {
            this.account = account;
        }

        /**
         * Counts bytes that are about to be kept on the heap.
         *
         * @return false where they must not be; nothing is counted then
         */
        public boolean hold(long bytes) {
            if (closed || !heap.take(bytes, account.heap)) {
                return false;
            }
            held += bytes;
            return true;
        }

        /** Bytes of those that were held are kept no longer. */
        public void release(long bytes) {
            if (!closed) {
                heap.add(-bytes, account.heap);
                held -= bytes;
            }
        }

        /** How many bytes more may wait in buffers; not positive where none may. */
        public long room() {
            return buffers.room(account.buffers.get());
        }

        /**
         * Counts bytes in buffers that begin to wait; they are there already, so nothing is refused.
         *
         * @param bytes negative for those that wait no longer
         */
        public void buffered(long bytes) {
            buffers.add(bytes, account.buffers);
        }

        /** It has turned out whose connection this is. What it holds counts as this client's from now on. */
        public void belongTo(InetAddress client) {
            Account before = account;
            account = account(ClientNetwork.of(client));
            before.heap.addAndGet(-held);
            account.heap.addAndGet(held);
            leave(before);
        }

        /** Gives back all that is held. What still waits in buffers is counted until it is gone. */
        public void close() {
            if (!closed) {
                release(held);
                closed = true;
                leave(account);
            }
        }
    }
}
