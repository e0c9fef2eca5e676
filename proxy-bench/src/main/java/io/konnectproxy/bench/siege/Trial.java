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
    private Memory memory = new Memory(0, 0, 0);

    private int files;

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
        trail.growth();
        double cpu = rig.proxy().cpuSeconds();
        long begin = System.nanoTime();
        rig.honest().begin();
        List<Wave> waves = new ArrayList<>();
        for (int i = 0; i < attacks.size(); i++) {
            waves.add(rig.attackers().begin(attacks.get(i), loads.get(i)));
        }
        long peak = watch(seconds);
        double took = (System.nanoTime() - begin) / 1e9;
        double processors = rig.proxy().isAlive() ? (rig.proxy().cpuSeconds() - cpu) / took : 0;
        List<String> faults = new ArrayList<>();
        if (!rig.proxy().isAlive()) {
            faults.add(String.format(
                    "the process ended after %.0f s, %s", took, rig.proxy().end()));
        }
        waves.forEach(Wave::end);
        rig.origin().closeAll();
        HonestFigures honest = rig.honest().end();
        faults.addAll(Criteria.honest(honest));
        double settled = settle(faults);
        Memory after = memory(faults);
        TrailGrowth growth = trail.growth();
        String verified = rig.installation().verify();
        if (!verified.isEmpty()) {
            faults.add(verified.strip().replace('\n', ' '));
        }
        attacks.forEach(attack -> attack.reached(growth).ifPresent(faults::add));
        long opened = waves.stream().mapToLong(Wave::opened).sum();
        String load = loads.size() == 1 ? loads.get(0).toString() : "";
        return new Result(id, what, load, opened, honest, peak, processors, after, settled, growth, faults);
    }

    /** Until the time is up, or the process has ended. Returns the most that was resident. */
    private long watch(int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long peak = 0;
        while (System.nanoTime() < end && rig.proxy().isAlive()) {
            try {
                peak = Math.max(peak, rig.proxy().residentBytes());
            } catch (IllegalStateException e) {
                // It ends at this moment.
                break;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return peak;
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

    private Memory memory(List<String> faults) throws InterruptedException {
        if (!rig.proxy().isAlive()) {
            return new Memory(0, 0, 0);
        }
        try {
            Memory after = rig.proxy().memory();
            faults.addAll(Criteria.memory(memory, after, rig.installation().memory()));
            return after;
        } catch (IOException e) {
            faults.add(String.valueOf(e.getMessage()));
            return new Memory(0, 0, 0);
        }
    }

    /** Another process, where this one ended or does not come back to itself. */
    void repair(Result result) throws IOException, InterruptedException {
        if (!rig.proxy().isAlive() || result.settled() >= SETTLE_SECONDS) {
            say("  the proxy is started anew");
            rig.proxy().restart();
            warmUp();
        }
    }

    /** Progress, for whoever waits. */
    static void say(String what) {
        System.err.println(what);
    }
}
