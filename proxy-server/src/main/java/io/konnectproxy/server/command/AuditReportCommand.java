package io.konnectproxy.server.command;

import io.konnectproxy.archive.StoreException;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.report.Period;
import io.konnectproxy.report.PointInTime;
import io.konnectproxy.report.ReportQuery;
import io.konnectproxy.report.TrailReading;
import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.event.Pin;
import io.konnectproxy.trail.event.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code audit report}: sums up trails. */
@Command(
        name = "report",
        description = {
            "Sums up audit trails: what needs attention, what was permitted, refused and carried, by whom, when and where.",
            "Verifies all lines that it reads, as 'audit verify' does.",
            "A TIME is a date, a date-time (UTC), or how long ago: 2026-11-22, 2026-11-22T18:00, 7d, 24h.",
            "Ends with 0, or with 1 when a file or directory could not be read, a file that is named like one of a trail has not one"
                    + " line of one, or the verification failed."
        })
final class AuditReportCommand implements Callable<Integer> {
    private static final int MAX_TOP = 10_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TrailArguments places = new TrailArguments();

    @Mixin
    private EvidenceOptions evidence = new EvidenceOptions();

    @Mixin
    private PeriodOptions period = new PeriodOptions();

    @Option(
            names = "--new-since",
            paramLabel = "TIME",
            description =
                    "Lists the targets let through for the first time since then, which needs files from before it too."
                            + " Default: that of --since.")
    private @Nullable String newSince;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or html. Default: ${DEFAULT-VALUE}")
    private ReportFormat output = ReportFormat.TEXT;

    @Option(
            names = "--top",
            paramLabel = "ROWS",
            defaultValue = "25",
            description = "Rows of a table, from 1 to 10000; the rest is summed up. Default: ${DEFAULT-VALUE}")
    private int top;

    @ArgGroup
    private @Nullable Pins pins;

    /** The source of the pins whose use is reported, instead of the trail's last configuration. */
    static final class Pins {
        @Option(
                names = "--pins",
                split = ",",
                paramLabel = "CONTROL-PLANE",
                description = "Reports the use of these pins, not of those in the trail's last configuration.")
        private @Nullable Set<String> names;

        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "The same with the pins of this configuration.")
        private @Nullable Path configuration;
    }

    @Override
    public Integer call() throws ConfigurationException {
        ReportQuery query = query(Instant.now());
        PrintWriter err = spec.commandLine().getErr();
        try (TrailArguments.OpenedPlaces opened = places.open()) {
            TrailReading reading = new TrailReading(query, evidence.keys(), evidence.checkpoints());
            try (Trails trails = Trails.of(opened.all())) {
                TrailReading.ReadReport read = reading.of(trails);
                output.render(read.report(), spec.commandLine().getOut());
                read.troubles().forEach(err::println);
                return read.troubles().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
            }
        } catch (TrailException | KeyFileException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        } catch (StoreException e) {
            err.println("The archive cannot be read: " + Printable.of(String.valueOf(e.getMessage())) + ".");
            return ExitCode.FAILED;
        }
    }

    private ReportQuery query(Instant now) throws ConfigurationException {
        if (top < 1 || top > MAX_TOP) {
            throw misused("--top", "must be from 1 to " + MAX_TOP);
        }
        Period covered = period.period(now);
        Optional<Instant> news = period.time("--new-since", newSince, now, PointInTime::beginning);
        Optional<Configuration> loaded = configuration();
        return new ReportQuery(
                covered,
                news.or(covered::since),
                pins(loaded),
                loaded.map(Configuration::catalog).orElseGet(AuditReportCommand::catalog),
                top,
                now);
    }

    private ParameterException misused(String option, @Nullable String why) {
        return new ParameterException(spec.commandLine(), option + " " + why + ".");
    }

    private Optional<Configuration> configuration() throws ConfigurationException {
        if (pins == null || pins.configuration == null) {
            return Optional.empty();
        }
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        return Optional.of(
                ConfigurationLoader.load(pins.configuration, root.environment()).configuration());
    }

    private static KonnectCatalog catalog() {
        return ConfigurationLoader.packagedCatalog();
    }

    private Optional<Set<Pin>> pins(Optional<Configuration> loaded) {
        return loaded.map(configuration -> configuration.rules().pins().stream()
                        .map(label -> new Pin(label.place(), label.text()))
                        .collect(Collectors.toSet()))
                .or(() -> Optional.ofNullable(pins).map(given -> given.names).map(AuditReportCommand::controlPlanes));
    }

    private static Set<Pin> controlPlanes(Set<String> names) {
        return names.stream()
                .map(name -> new Pin(OpenLabel.CONTROL_PLANE, name))
                .collect(Collectors.toSet());
    }
}
