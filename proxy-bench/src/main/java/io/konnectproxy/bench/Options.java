package io.konnectproxy.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code proxy-bench/compare} is to measure.
 *
 * @param templates where the configurations of the subjects lie
 * @param json the file for the value of each round
 * @param rounds of every figure
 * @param warmUp for processes that run throughout, where it is not to be the default of each subject
 */
record Options(
        Path templates, Path json, int rounds, Optional<Duration> warmUp, Set<Group> groups, Set<Subject> subjects) {
    /**
     * Reads {@code TEMPLATES JSON [--rounds N] [--warm-up SECONDS] [--figures GROUP,...] [SUBJECT...]}. Without names it is
     * all figures, and all subjects that are installed.
     *
     * @throws IllegalArgumentException with a sentence about what is wrong
     */
    static Options read(List<String> arguments) {
        Iterator<String> words = arguments.iterator();
        Path templates = Path.of(words.next());
        Path json = Path.of(words.next());
        int rounds = 3;
        Optional<Duration> warmUp = Optional.empty();
        Set<Group> groups = EnumSet.allOf(Group.class);
        Set<Subject> subjects = EnumSet.noneOf(Subject.class);
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--rounds" -> rounds = number(word, words);
                case "--warm-up" -> warmUp = Optional.of(Duration.ofSeconds(number(word, words)));
                case "--figures" -> groups = groups(value(word, words));
                default -> subjects.add(subject(word));
            }
        }
        return new Options(templates, json, rounds, warmUp, groups, subjects.isEmpty() ? installed() : subjects);
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return words.next();
    }

    private static int number(String option, Iterator<String> words) {
        String value = value(option, words);
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(option + " must be a number from 1 to 9999, not '" + value + "'.");
        }
        return Integer.parseInt(value);
    }

    private static Set<Group> groups(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> Group.of(name)
                        .orElseThrow(() -> new IllegalArgumentException("There are no figures '" + name + "', only "
                                + Arrays.stream(Group.values())
                                        .map(Group::label)
                                        .collect(Collectors.joining(", "))
                                + ".")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Group.class)));
    }

    private static Subject subject(String name) {
        Subject subject = Arrays.stream(Subject.values())
                .filter(any -> any.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no subject '" + name + "', only "
                        + Arrays.stream(Subject.values()).map(Subject::label).collect(Collectors.joining(", ")) + "."));
        if (subject == Subject.BEFORE && !subject.isInstalled()) {
            throw new IllegalArgumentException("'before' needs --before JAR.");
        }
        if (!subject.isInstalled()) {
            throw new IllegalArgumentException(name + " is not installed.");
        }
        return subject;
    }

    static Set<Subject> installed() {
        return Arrays.stream(Subject.values())
                .filter(Subject::isInstalled)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Subject.class)));
    }

    /** The chosen subjects of which any of these figures is measured. */
    Set<Subject> subjectsOf(Group group) {
        return subjects.stream()
                .filter(group::isOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Subject.class)));
    }

    /** Whether any of these is to be measured of this subject. */
    boolean has(Group group, Subject subject) {
        return groups.contains(group) && subjects.contains(subject) && group.isOf(subject);
    }
}
