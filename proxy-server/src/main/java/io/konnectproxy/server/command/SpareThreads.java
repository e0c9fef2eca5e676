package io.konnectproxy.server.command;

import java.util.concurrent.CountDownLatch;

/**
 * Checks that the process may start the threads of a proxy, before there is one. Half of them start when they are needed: for a
 * signal, TLS handshakes, passwords. A process that could start none for SIGTERM would have to be killed, and what fails to start
 * a thread in the middle of its work may wait forever.
 */
final class SpareThreads {
    private static final int COUNT = 24;

    private SpareThreads() {}

    /** @throws OutOfMemoryError if the system lets the process start too few threads */
    static void check() {
        CountDownLatch all = new CountDownLatch(1);
        try {
            for (int i = 0; i < COUNT; i++) {
                Thread spare = new Thread(() -> await(all), "spare");
                spare.setDaemon(true);
                spare.start();
            }
        } finally {
            all.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
