package io.konnectproxy.server.command;

import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationProblem;
import io.konnectproxy.server.config.Expectation;
import io.konnectproxy.server.config.ExpectationsReader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.SigningFiles;
import io.konnectproxy.server.dns.ResolversInForce;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What {@code check} has found.
 *
 * @param problems of the configuration and of the expectations; nothing is judged if there are any
 * @param loaded empty if the configuration has problems
 * @param surroundings sentences about this machine; warnings begin with {@code "warning: "}
 * @param expectations empty if none were given, or none could be judged
 */
record CheckResult(
        List<ConfigurationProblem> problems,
        Optional<LoadedConfiguration> loaded,
        List<String> surroundings,
        Optional<List<JudgedExpectation>> expectations) {
    private static final String WARNING = "warning: ";

    static CheckResult of(ConfigurationOption configuration, Optional<Path> tests) {
        List<ConfigurationProblem> problems = new ArrayList<>();
        Optional<LoadedConfiguration> loaded = load(configuration, problems);
        OptionalInt listeners = loaded.map(
                        valid -> OptionalInt.of(valid.configuration().listen().size()))
                .orElse(OptionalInt.empty());
        Optional<List<Expectation>> expectations = tests.map(file -> read(file, listeners, problems));
        return new CheckResult(
                List.copyOf(problems),
                loaded,
                loaded.map(valid -> surroundings(valid.configuration())).orElse(List.of()),
                problems.isEmpty() ? expectations.map(all -> judge(loaded.orElseThrow(), all)) : Optional.empty());
    }

    private static Optional<LoadedConfiguration> load(
            ConfigurationOption configuration, List<ConfigurationProblem> problems) {
        try {
            return Optional.of(configuration.load(SigningFiles.READ_ONCE));
        } catch (ConfigurationException e) {
            problems.addAll(e.all());
            return Optional.empty();
        }
    }

    private static List<Expectation> read(Path file, OptionalInt listeners, List<ConfigurationProblem> problems) {
        try {
            return ExpectationsReader.read(file, listeners);
        } catch (ConfigurationException e) {
            problems.addAll(e.all());
            return List.of();
        }
    }

    private static List<String> surroundings(Configuration configuration) {
        Configuration.Limits limits = configuration.limits();
        return Stream.of(
                        ResolversInForce.sentences(configuration.dns()),
                        Capacity.of(limits).sentences(limits))
                .flatMap(List::stream)
                .toList();
    }

    private static List<JudgedExpectation> judge(LoadedConfiguration loaded, List<Expectation> expectations) {
        RequestJudge judge = new RequestJudge(loaded);
        return expectations.stream()
                .map(each -> JudgedExpectation.of(each, judge, loaded.configuration()))
                .toList();
    }

    /** All warnings, of the configuration and of this machine. */
    List<String> warnings() {
        return Stream.concat(
                        loaded.stream().flatMap(valid -> valid.warnings().stream()),
                        surroundings.stream()
                                .filter(sentence -> sentence.startsWith(WARNING))
                                .map(sentence -> sentence.substring(WARNING.length())))
                .toList();
    }

    /** The sentences about this machine that are no warnings. */
    List<String> notes() {
        return surroundings.stream()
                .filter(sentence -> !sentence.startsWith(WARNING))
                .toList();
    }

    List<JudgedExpectation> failed() {
        return expectations.stream()
                .flatMap(List::stream)
                .filter(each -> !each.holds())
                .toList();
    }

    /** @param strict whether a warning counts as an error */
    int exitCode(boolean strict) {
        if (!problems.isEmpty()) {
            return ExitCode.CONFIGURATION;
        }
        return !failed().isEmpty() || (strict && !warnings().isEmpty()) ? ExitCode.FAILED : ExitCode.OK;
    }
}
