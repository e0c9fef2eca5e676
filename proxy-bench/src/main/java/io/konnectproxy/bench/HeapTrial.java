package io.konnectproxy.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the JVM itself says of 5,000 idle tunnels: objects that live behind a collection, and memory that they hold outside. */
final class HeapTrial {
    private static final int WARM_UP = 500;
    private static final int TUNNELS = 5_000;

    private HeapTrial() {}

    static void run(Bench bench, Results results) throws IOException, InterruptedException {
        try (Running running = bench.start(Subject.KONNECT_PROXY, List.of(Jcmd.TRACKING))) {
            Fleet fleet = new Fleet(bench.client(), running.route());
            fleet.grow(WARM_UP);
            bench.client().closeAll();
            long before = bytes(running);
            fleet.grow(TUNNELS);
            results.add(Figure.IDLE_HEAP, Subject.KONNECT_PROXY, (double) (bytes(running) - before) / TUNNELS / 1024);
            bench.client().closeAll();
        }
    }

    private static long bytes(Running running) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        Jcmd jvm = new Jcmd(running.process());
        return jvm.liveHeapBytes() + jvm.bytesOutside();
    }
}
