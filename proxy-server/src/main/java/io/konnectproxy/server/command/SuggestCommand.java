package io.konnectproxy.server.command;

import io.konnectproxy.archive.StoreException;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.report.PointInTime;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.OtherKeys;
import io.konnectproxy.suggest.Suggestion;
import io.konnectproxy.suggest.SuggestionBuilder;
import io.konnectproxy.suggest.SuggestionReading;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.Trails;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the smallest configuration that would have permitted what a trail shows in use. */
@Command(
        name = "suggest",
        description = {
            "Prints the smallest configuration that permits what an audit trail shows in use: regions, purposes, pins, and"
                    + " entries of clients that differ.",
            "A TIME is a date, a date-time (UTC), or how long ago: 2026-11-22, 2026-11-22T18:00, 30d, 24h.",
            "Verifies what it reads, as 'audit verify' does.",
            "Ends with 0, or with 1 when the trail is broken, the suggestion may lack something, or there is nothing to suggest."
        })
final class SuggestCommand implements Callable<Integer> {
    /** The largest configuration that can be read. */
    private static final int LARGEST = 1 << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TrailArguments places = new TrailArguments();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was in use from then on counts. Default: the whole trail.")
    private @Nullable String since;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Prints this configuration with the suggested keys in place of its own, and takes its table of"
                            + " Konnect hosts. Default: prints the suggested keys only.")
    private @Nullable Path configuration;

    @Override
    public Integer call() throws ConfigurationException {
        Optional<Instant> from = since(Instant.now());
        Optional<LoadedConfiguration> loaded = loaded();
        Optional<String> others =
                loaded.isEmpty() ? Optional.empty() : Optional.of(OtherKeys.of(file(), SuggestionYaml.KEYS));
        KonnectCatalog catalog =
                loaded.map(valid -> valid.configuration().catalog()).orElseGet(ConfigurationLoader::packagedCatalog);
        PrintWriter err = spec.commandLine().getErr();
        SuggestionBuilder builder = new SuggestionBuilder(catalog, new ConfigurationForms(), from);
        try (TrailArguments.OpenedPlaces opened = places.open();
                Trails trails = Trails.of(opened.all())) {
            TrailArguments.tellForeign(trails, err);
            SuggestionReading.of(trails, builder);
        } catch (TrailException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        } catch (StoreException e) {
            err.println(TrailArguments.unreadable(e));
            return ExitCode.FAILED;
        }
        Suggestion suggestion = builder.build();
        loaded.ifPresent(valid -> warnOfVariables(valid, err));
        return print(suggestion, others, err);
    }

    private int print(Suggestion suggestion, Optional<String> others, PrintWriter err) {
        PrintWriter out = spec.commandLine().getOut();
        StringBuilder text = new StringBuilder();
        if (suggestion.rules().isPresent()) {
            others.ifPresent(kept -> text.append(kept).append("\n\n"));
        }
        new SuggestionYaml(suggestion, line -> text.append(line).append('\n')).write();
        out.print(text);
        suggestion.doubts().forEach(err::println);
        if (!suggestion.doubts().isEmpty()) {
            err.println("The suggestion may lack something.");
        }
        if (suggestion.rules().isEmpty()) {
            err.println("Nothing in this trail justifies a rule: no tunnel to a host of Konnect carried bytes back.");
        }
        boolean tooLarge = text.length() > LARGEST;
        if (tooLarge) {
            err.println("The suggestion is larger than a configuration may be, 1 MiB.");
        }
        return suggestion.doubts().isEmpty() && suggestion.rules().isPresent() && !tooLarge
                ? ExitCode.OK
                : ExitCode.FAILED;
    }

    private Optional<Instant> since(Instant now) {
        try {
            return Optional.ofNullable(since).map(text -> PointInTime.beginning(text, now));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--since " + e.getMessage() + ".");
        }
    }

    private Optional<LoadedConfiguration> loaded() throws ConfigurationException {
        if (configuration == null) {
            return Optional.empty();
        }
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        return Optional.of(ConfigurationLoader.load(file(), root.environment()));
    }

    private Path file() {
        return configuration == null ? Path.of("") : configuration;
    }

    /** A variable takes precedence over the file, and with it over what is suggested. */
    private static void warnOfVariables(LoadedConfiguration loaded, PrintWriter err) {
        SuggestionYaml.KEYS.stream()
                .sorted()
                .map(key -> loaded.origins().getOrDefault(key, ""))
                .filter(origin -> origin.startsWith("KONNECT_PROXY_"))
                .forEach(variable ->
                        err.println("warning: " + variable + " is set and takes precedence over what is suggested"));
    }
}
