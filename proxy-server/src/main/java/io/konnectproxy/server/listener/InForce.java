package io.konnectproxy.server.listener;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What is in force now. A request is judged and its decision is given to the trail in one {@link #step}, and a change and its
 * record are one {@link #change}: so each decision in the trail is by the configuration that the trail names last before it.
 * Both take microseconds and wait for nothing, so an event loop may be held up for no longer.
 */
final class InForce {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile ListenerServices services;

    InForce(ListenerServices first) {
        this.services = first;
    }

    ListenerServices services() {
        return services;
    }

    /** Runs a step during which nothing changes. It must not wait. Steps may be nested, and run on many threads at once. */
    void step(Runnable step) {
        within(lock.readLock(), step);
    }

    /** Changes what is in force, between all steps. The rest of the change must not wait. */
    void change(ListenerServices next, Runnable rest) {
        within(lock.writeLock(), () -> {
            services = next;
            rest.run();
        });
    }

    private static void within(Lock held, Runnable step) {
        held.lock();
        try {
            step.run();
        } finally {
            held.unlock();
        }
    }
}
