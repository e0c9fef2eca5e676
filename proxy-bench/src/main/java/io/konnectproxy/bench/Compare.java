package io.konnectproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * {@code proxy-bench/compare}: measures all subjects that are installed, in turn, and prints a table. What stands in the
 * way ends it with one sentence.
 */
public final class Compare {
    private final Bench bench;
    private final Set<Subject> subjects;
    private final int rounds;
    private final Results results = new Results();

    private Compare(Bench bench, Set<Subject> subjects, int rounds) {
        this.bench = bench;
        this.subjects = subjects;
        this.rounds = rounds;
    }

    /** Arguments: where the configurations of the subjects lie, the file for the JSON, rounds, subjects (all if none). */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        Path templates = Path.of(arguments[0]);
        Path json = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Set<Subject> chosen = chosen(Arrays.asList(arguments).subList(3, arguments.length));
        try (Bench bench = new Bench(templates)) {
            Compare compare = new Compare(bench, chosen, rounds);
            compare.measure();
            System.out.print(Report.table(compare.results, chosen));
            Files.writeString(json, Report.json(compare.results, chosen));
            System.out.println("\nEach round: " + json);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static Set<Subject> chosen(List<String> names) {
        Set<Subject> chosen = EnumSet.noneOf(Subject.class);
        for (Subject subject : Subject.values()) {
            boolean wanted = names.isEmpty() || names.contains(subject.label());
            if (wanted && (subject == Subject.DIRECT || subject.program().isPresent())) {
                chosen.add(subject);
            } else if (wanted && subject != Subject.BEFORE) {
                System.err.println(subject.label() + " is not installed and left out.");
            }
        }
        return chosen;
    }

    private void measure() throws IOException, InterruptedException {
        try (SpeedTrial speed = new SpeedTrial(bench, subjects, results)) {
            speed.warmUp();
            for (int round = 1; round <= rounds; round++) {
                Bench.say("speed, round " + round + " of " + rounds);
                speed.round();
            }
        }
        for (int round = 1; round <= rounds; round++) {
            Bench.say("a fleet, round " + round + " of " + rounds);
            for (Subject subject : subjects) {
                if (subject != Subject.DIRECT) {
                    FleetTrial.run(bench, subject, results);
                }
            }
        }
        if (subjects.contains(Subject.KONNECT_PROXY)) {
            Bench.say("what is live in memory");
            HeapTrial.run(bench, results);
        }
    }
}
