package io.konnectproxy.trail;

import io.konnectproxy.keys.VerificationKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Verifies trails, each by itself, as many at a time as there are processors. Each needs memory for one line. */
public final class ParallelCheck {
    private final List<VerificationKey> keys;
    private final KeptCheckpoints kept;
    private final TrailWalk.Progress progress;
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong linesRead = new AtomicLong();

    /**
     * @param keys the public keys for signatures; if empty, signatures are not verified
     * @param kept checkpoint lines that were kept elsewhere, by their trails
     * @param progress receives that of all trails; one call at a time
     */
    public ParallelCheck(List<VerificationKey> keys, KeptCheckpoints kept, TrailWalk.Progress progress) {
        this.keys = keys;
        this.kept = kept;
        this.progress = progress;
    }

    /** Verifies all, and returns the results in the order of the trails. */
    public List<CheckedTrail> of(List<Trail> trails) {
        int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), trails.size()));
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "audit-verify");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return checked(trails, pool);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a trail could not be verified", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while trails were verified", e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** The longest first, so that none is left alone at the end. */
    private List<CheckedTrail> checked(List<Trail> trails, ExecutorService pool)
            throws ExecutionException, InterruptedException {
        Map<Integer, Future<CheckedTrail>> running = new TreeMap<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < trails.size(); i++) {
            order.add(i);
        }
        order.sort(
                Comparator.comparingLong((Integer i) -> trails.get(i).bytes()).reversed());
        for (int i : order) {
            running.put(i, pool.submit(() -> check(trails.get(i))));
        }
        List<CheckedTrail> checked = new ArrayList<>();
        for (Future<CheckedTrail> each : running.values()) {
            checked.add(each.get());
        }
        return checked;
    }

    private CheckedTrail check(Trail trail) {
        NavigableMap<Long, String> ofTrail = kept.of(trail, false);
        try (trail) {
            VerifyResult result = new TrailCheck(keys, ofTrail, trail).run(trail.segments(), new TrailProgress());
            return new CheckedTrail(trail, Optional.of(result), Optional.empty());
        } catch (TrailException e) {
            return new CheckedTrail(trail, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    /** Adds up the progress of all trails. */
    private final class TrailProgress implements TrailWalk.Progress {
        private long bytesBefore;
        private long linesBefore;

        @Override
        public void at(long bytes, long lines) {
            long allBytes = bytesRead.addAndGet(bytes - bytesBefore);
            long allLines = linesRead.addAndGet(lines - linesBefore);
            bytesBefore = bytes;
            linesBefore = lines;
            synchronized (progress) {
                progress.at(allBytes, allLines);
            }
        }
    }
}
