package io.konnectproxy.bench.siege;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lets attacks loose for a while, with the honest beside them, and looks at what they have done and at what they leave. */
final class Trial {
    private static final int WARM_UP_SECONDS = 15;
    /** Tunnels, and refused requests, a second. */
    private static final int WARM_UP_RATE = 200;

    private static final int LOOK_MILLIS = 250;
    private static final int SETTLE_SECONDS = 20;
    private static final int VISITING_MILLIS = 700;

    /** Sockets that may be left of the honest. */
    private static final int MORE_FILES = 64;

    private final Rig rig;
    private final Trail trail;
    /** Behind the warm-up. */
    private Memory memory = Memory.UNKNOWN;

    private int files;
    /** It did not come back to itself behind the last attack. */
    private boolean exhausted;

    Trial(Rig rig) {
        this.rig = rig;
        this.trail = new Trail(rig.installation().trail());
    }

    /** So that what is compiled has been, and what is kept for good is there. */
    void warmUp() throws IOException, InterruptedException {
        say("warm-up, " + WARM_UP_SECONDS + " s");
        Load load = new Load("127.19.0", 1, 64, WARM_UP_RATE);
        Attack.Plan plan = new Attack.Plan("", "warm-up", rig.listeners().plain(), load);
        rig.honest().begin();
        List<Wave> waves = List.of(
                rig.attackers().begin(Requests.malformed(plan), load),
                rig.attackers().begin(new ShortTunnels(plan), load));
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        waves.forEach(Wave::end);
        rig.honest().end();
        memory = rig.proxy().memory();
        files = rig.proxy().openFiles();
    }

    /**
     * One row.
     *
     * @param loads of the attacks, in their order
     */
    Result run(String id, String what, List<Attack> attacks, List<Load> loads, int seconds)
            throws IOException, InterruptedException {
        repair();
        trail.growth();
        double cpu = rig.proxy().cpuSeconds();
        long begin = System.nanoTime();
        rig.honest().begin();
        List<Wave> waves = new ArrayList<>();
        for (int i = 0; i < attacks.size(); i++) {
            waves.add(rig.attackers().begin(attacks.get(i), loads.get(i)));
        }
        Usage usage = watch(seconds);
        double took = (System.nanoTime() - begin) / 1e9;
        List<String> faults = new ArrayList<>();
        waves.forEach(Wave::end);
        rig.origin().closeAll();
        HonestFigures honest = rig.honest().end();
        faults.addAll(Criteria.honest(honest));
        double settled = settle(faults);
        Memory after = memory(faults);
        if (!rig.proxy().isAlive()) {
            faults.add(
                    0, "the process ended (" + rig.proxy().end() + "); the attack lasted " + Math.round(took) + " s");
        }
        TrailGrowth growth = trail.growth();
        String verified = rig.installation().verify();
        if (!verified.isEmpty()) {
            faults.add(verified.strip().replace('\n', ' '));
        }
        attacks.forEach(attack -> attack.reached(growth).ifPresent(faults::add));
        long opened = waves.stream().mapToLong(Wave::opened).sum();
        double processors = (usage.cpuSeconds() - cpu) / took;
        return new Result(
                id, what, Load.told(loads), opened, honest, usage.peak(), processors, after, settled, growth, faults);
    }

    /**
     * What was seen of the process meanwhile.
     *
     * @param peak most that was resident, in bytes
     * @param cpuSeconds since it was started
     */
    private record Usage(long peak, double cpuSeconds) {}

    /** Until the time is up, or the process has ended. */
    private Usage watch(int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Usage usage = new Usage(0, 0);
        while (System.nanoTime() < end && rig.proxy().isAlive()) {
            try {
                long resident = rig.proxy().residentBytes();
                usage = new Usage(Math.max(usage.peak(), resident), rig.proxy().cpuSeconds());
            } catch (IllegalStateException e) {
                // It ends at this moment.
                break;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return usage;
    }

    /** Waits until no sockets of the attack are left and the honest are served; returns after how many seconds. */
    private double settle(List<String> faults) throws InterruptedException {
        long begin = System.nanoTime();
        while (rig.proxy().isAlive()) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            int open = rig.proxy().openFiles();
            boolean gone = open <= files + MORE_FILES;
            if (gone && isServing()) {
                return seconds;
            }
            if (seconds >= SETTLE_SECONDS) {
                exhausted = true;
                faults.add(
                        gone
                                ? "the honest are not served after " + SETTLE_SECONDS + " s of rest"
                                : open + " files are open after " + SETTLE_SECONDS + " s of rest, before there were "
                                        + files);
                return seconds;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return 0;
    }

    private boolean isServing() throws InterruptedException {
        rig.honest().begin();
        TimeUnit.MILLISECONDS.sleep(VISITING_MILLIS);
        HonestFigures visits = rig.honest().end();
        return visits.visits() > 0 && visits.lostInAll() == 0;
    }

    /** As soon as it is back to what it was, or when it had its time: caches may keep for some seconds what they have learnt. */
    private Memory memory(List<String> faults) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
        while (rig.proxy().isAlive()) {
            try {
                Memory after = rig.proxy().memory();
                List<String> kept = Criteria.memory(memory, after);
                if (kept.isEmpty() || System.nanoTime() >= end) {
                    faults.addAll(kept);
                    return after;
                }
            } catch (IOException | IllegalStateException e) {
                faults.add("nothing is known of the memory after: " + e.getMessage());
                return Memory.UNKNOWN;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        return Memory.UNKNOWN;
    }

    /** Another process, where the last one ended or does not come back to itself. */
    private void repair() throws IOException, InterruptedException {
        if (!rig.proxy().isAlive() || exhausted) {
            say("  the proxy is started anew");
            rig.proxy().restart();
            exhausted = false;
            warmUp();
        }
    }

    /** Progress, for whoever waits. */
    static void say(String what) {
        System.err.println(what);
    }
}
