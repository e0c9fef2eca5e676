package io.konnectproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code proxy-bench/compare}: measures all subjects that are installed, in turn, and prints tables. What stands in the
 * way ends it with one sentence.
 */
public final class Compare {
    private final Bench bench;
    private final Options options;
    private final Results results = new Results();

    private Compare(Bench bench, Options options) {
        this.bench = bench;
        this.options = options;
    }

    /** Arguments: see {@link Options#read}. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        try {
            Options options = Options.read(Arrays.asList(arguments));
            if (options.subjects().equals(Options.installed())) {
                Set<Subject> missing = EnumSet.complementOf(EnumSet.copyOf(options.subjects()));
                missing.remove(Subject.BEFORE);
                missing.forEach(subject -> Bench.say(subject.label() + " is not installed and left out."));
            }
            try (Bench bench = new Bench(options.templates())) {
                Compare compare = new Compare(bench, options);
                compare.measure();
                System.out.print(Report.of(compare.results, options.subjects()));
                Files.writeString(options.json(), Report.json(compare.results, options.subjects()));
                System.out.println("\nEach round: " + options.json());
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private void measure() throws IOException, InterruptedException {
        warm();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Subject subject : options.subjects()) {
                if (options.has(Group.START, subject)) {
                    Bench.say("start of " + subject.label() + ", " + of(round));
                    FleetTrial.run(bench, subject, results);
                }
                if (options.has(Group.COLD, subject)) {
                    Bench.say("cold " + subject.label() + ", " + of(round));
                    ColdTrial.run(bench, subject, results);
                }
            }
        }
        if (options.has(Group.HEAP, Subject.KONNECT_PROXY)) {
            Bench.say("what is live in memory");
            HeapTrial.run(bench, results);
        }
    }

    private void warm() throws IOException, InterruptedException {
        Set<Subject> subjects = EnumSet.noneOf(Subject.class);
        options.groups().stream().filter(Group::isWarm).forEach(group -> subjects.addAll(options.subjectsOf(group)));
        if (subjects.isEmpty()) {
            return;
        }
        try (SpeedTrial speed = new SpeedTrial(bench, options, subjects, results)) {
            speed.warmUp();
            for (int round = 1; round <= options.rounds(); round++) {
                Bench.say("speed, " + of(round));
                speed.round();
            }
            speed.calls();
        }
    }

    private String of(int round) {
        return "round " + round + " of " + options.rounds();
    }
}
