package io.konnectproxy.bench.siege;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code .ci/siege} runs: first nothing but honest clients, then each attack beside them, then all attacks at once. Prints
 * two tables, and exits with 0 only if the proxy has held.
 */
public final class Siege {
    private static final int USAGE = 64;

    /** What all attacks at once are called. */
    private static final String ALL = "ALL";

    /** How much longer all attacks together last. */
    private static final int ALL_TIMES_LONGER = 8;

    /** For an attack that needs no time. */
    private static final int PROBE_SECONDS = 3;

    private final Options options;
    private final Rig rig;
    private final Trial trial;
    private final List<Result> results = new ArrayList<>();

    private Siege(Options options, Rig rig) {
        this.options = options;
        this.rig = rig;
        this.trial = new Trial(rig);
    }

    /** Arguments: {@code --only IDS}, {@code --seconds N}. */
    public static void main(String[] arguments) throws Exception {
        try {
            System.exit(holds(Options.parse(Arrays.asList(arguments))) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            Trial.say(String.valueOf(e.getMessage()));
            System.exit(USAGE);
        } catch (IOException e) {
            Trial.say(String.valueOf(e.getMessage()));
            System.exit(1);
        }
    }

    private static boolean holds(Options options) throws Exception {
        try (Rig rig = new Rig(Options.Launch.ofProperties())) {
            Siege siege = new Siege(options, rig);
            siege.run();
            print(siege.results);
            return siege.results.stream().allMatch(result -> result.faults().isEmpty());
        }
    }

    private void run() throws IOException, InterruptedException, GeneralSecurityException {
        List<Attack> attacks = Attacks.all(rig.listeners(), rig.retrying());
        options.requireKnown(attacks.stream().map(attack -> attack.plan().id()).toList(), ALL);
        trial.warmUp();
        add("", "none", List.of(), List.of(), options.seconds());
        for (Attack attack : attacks) {
            Attack.Plan plan = attack.plan();
            if (options.wants(plan.id())) {
                int seconds = plan.load().isProbe() ? Math.min(PROBE_SECONDS, options.seconds()) : options.seconds();
                add(plan.id(), plan.what(), List.of(attack), List.of(plan.load()), seconds);
            }
        }
        if (options.wants(ALL)) {
            int seconds = ALL_TIMES_LONGER * options.seconds();
            add(ALL, "everything at once", attacks, Attacks.loadsAtOnce(attacks), seconds);
        }
    }

    private void add(String id, String what, List<Attack> attacks, List<Load> loads, int seconds)
            throws IOException, InterruptedException {
        Trial.say((id + " " + what).trim() + ", " + seconds + " s");
        Result result = trial.run(id, what, attacks, loads, seconds);
        results.add(result);
        if (!result.faults().isEmpty()) {
            int more = result.faults().size() - 1;
            Trial.say("  " + result.faults().get(0) + (more == 0 ? "" : ", and " + more + " more"));
        }
    }

    @SuppressWarnings("SystemOut")
    private static void print(List<Result> results) {
        System.out.println(ResultTable.service(results));
        System.out.println(ResultTable.kept(results));
        for (Result result : results) {
            for (String fault : result.faults()) {
                System.out.println("FAULT: " + (result.id() + " " + result.what()).trim() + ": " + fault + ".");
            }
        }
    }
}
