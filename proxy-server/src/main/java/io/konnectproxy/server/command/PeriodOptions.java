package io.konnectproxy.server.command;

import io.konnectproxy.report.Period;
import io.konnectproxy.report.PointInTime;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --since TIME} and {@code --until TIME}. */
final class PeriodOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--since", paramLabel = "TIME", description = "The first time. Default: that of the trail.")
    private @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "The last time; of a date, the whole day is part of it. Default: that of the trail.")
    private @Nullable String until;

    Period period(Instant now) {
        Optional<Instant> begins = time("--since", since, now, PointInTime::beginning);
        Optional<Instant> ends = time("--until", until, now, PointInTime::end);
        if (begins.isPresent() && ends.isPresent() && !begins.get().isBefore(ends.get())) {
            throw misused("--until", "must be later than --since");
        }
        return new Period(begins, ends);
    }

    /** The time that an option names; empty if it is not given. */
    Optional<Instant> time(
            String option, @Nullable String text, Instant now, BiFunction<String, Instant, Instant> reading) {
        try {
            return Optional.ofNullable(text).map(written -> reading.apply(written, now));
        } catch (IllegalArgumentException e) {
            throw misused(option, e.getMessage());
        }
    }

    private ParameterException misused(String option, @Nullable String why) {
        return new ParameterException(spec.commandLine(), option + " " + why + ".");
    }
}
