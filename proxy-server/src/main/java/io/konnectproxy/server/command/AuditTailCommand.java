package io.konnectproxy.server.command;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.report.PointInTime;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.trail.FleetFollower;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailFollower;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.UnreadableLineException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code audit tail}: the trail as it grows, a readable line a record, until Ctrl-C or until nobody reads any more, or, where it is
 * not to be followed, up to its present end.
 */
@Command(
        name = "tail",
        description = {
            "Follows the audit trail, also across rotation: a readable line a record.",
            "A TIME is a date, a date-time (UTC), or how long ago: 2026-11-22, 2026-11-22T18:00, 7d, 24h."
        })
final class AuditTailCommand implements Callable<Integer> {
    private static final int USUAL = 10;
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(100);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Option(names = "--refused", description = "Only what was refused, and tunnels that did not come about.")
    private boolean refused;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Only the records of this client.")
    private Optional<String> client = Optional.empty();

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Only the records of this user, and of whoever claimed to be.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--entry",
            paramLabel = "NAME",
            description = "Only the records of clients with the rules of this entry of clients.")
    private Optional<String> entry = Optional.empty();

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            converter = EventName.Converter.class,
            description = "Only records of this event, as the lines name it, such as configuration; may be repeated.")
    private List<EventName> events = List.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Begins with the records of the current file that are not older.")
    private Optional<String> since = Optional.empty();

    @Option(
            names = "--no-follow",
            description = "Ends with the last record that the file has now, instead of waiting for more.")
    private boolean once;

    @Option(
            names = "-n",
            paramLabel = "LINES",
            description = "How many records to begin with, at most. Default: 10, or all with --since")
    private Optional<Integer> last = Optional.empty();

    @Mixin
    private BucketOptions bucket = new BucketOptions();

    @Parameters(
            paramLabel = "FILE|DIR|URL",
            arity = "0..*",
            description = {
                "The current file of the trail. Default: audit.file of the configuration.",
                "Or several trails: files, directories with their subdirectories, and archives, s3://BUCKET/PREFIX, of which the"
                        + " finished files are shown."
            })
    private List<Path> places = List.of();

    @Override
    public Integer call() throws ConfigurationException, IOException {
        if (last.orElse(0) < 0) {
            throw new ParameterException(spec.commandLine(), "-n '" + last.get() + "' is below 0");
        }
        long begin = begin();
        if (client.isPresent() && NetUtil.createInetAddressFromIpAddressString(client.get()) == null) {
            throw new ParameterException(spec.commandLine(), "--client '" + client.get() + "' is no IP address");
        }
        TrailArguments.requireNoOtherUrl(places, spec);
        if (places.size() > 1 || places.stream().anyMatch(AuditTailCommand::hasSeveral)) {
            return several(begin);
        }
        Optional<Path> current = !places.isEmpty()
                ? Optional.of(places.get(0))
                : configuration.load().configuration().audit().file().map(Path::of);
        if (current.isEmpty()) {
            return failed("The configuration has no audit.file; name the file to follow.");
        }
        RecordLine form = form();
        RecordFilter filter = filter();
        try (TrailFollower trail = TrailFollower.open(current.get(), lines(), wanted(filter, begin), this::tell)) {
            follow(trail, filter, form, begin);
            return ExitCode.OK;
        } catch (TrailException e) {
            return failed(e.getMessage());
        }
    }

    private static boolean hasSeveral(Path place) {
        return TrailArguments.isBucket(place) || Files.isDirectory(place);
    }

    private RecordLine form() {
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        return new RecordLine(Terminal.STANDARD_OUTPUT.isColoured(root.environment()));
    }

    private RecordFilter filter() {
        return new RecordFilter(events, refused, client.map(AuditTailCommand::written), user, entry);
    }

    private int lines() {
        return last.orElse(since.isPresent() ? Integer.MAX_VALUE : USUAL);
    }

    private static Predicate<String> wanted(RecordFilter filter, long begin) {
        return line -> read(line)
                .filter(read -> read.event().time() >= begin && filter.wants(read))
                .isPresent();
    }

    private int several(long begin) {
        RecordFilter filter = filter();
        try (TrailArguments.OpenedPlaces opened = TrailArguments.open(places, bucket, spec);
                FleetFollower fleet = FleetFollower.open(opened.all(), lines(), wanted(filter, begin), this::tell)) {
            PrintWriter out = spec.commandLine().getOut();
            FleetTail tail = new FleetTail(fleet, form(), filter(), begin, out);
            AtomicBoolean stopped = new AtomicBoolean();
            Signals.onStop(() -> stopped.set(true));
            tail.begin(lines());
            while (!stopped.get() && !out.checkError() && !once) {
                if (!tail.more()) {
                    LockSupport.parkNanos(LOOK_EVERY);
                }
            }
            out.flush();
            return ExitCode.OK;
        } catch (TrailException e) {
            return failed(e.getMessage());
        } catch (StoreException e) {
            return failed(TrailArguments.unreadable(e));
        }
    }

    /** The one form in which the trail has it. */
    private static String written(String address) {
        return AddressText.of(NetUtil.createInetAddressFromIpAddressString(address));
    }

    /** In the unit of the trail's times; the oldest there is where nobody says. */
    private long begin() {
        try {
            return since.map(text -> PointInTime.beginning(text, Instant.now()))
                    .map(Micros::of)
                    .orElse(Long.MIN_VALUE);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--since " + e.getMessage() + ".");
        }
    }

    private void follow(TrailFollower trail, RecordFilter filter, RecordLine form, long begin) throws TrailException {
        AtomicBoolean stopped = new AtomicBoolean();
        Signals.onStop(() -> stopped.set(true));
        PrintWriter out = spec.commandLine().getOut();
        while (!stopped.get()) {
            Optional<String> line = trail.next();
            if (line.isPresent()) {
                Optional<EventReader.EventLine> read = read(line.get());
                if (read.isPresent()) {
                    print(read.get(), filter, form, begin, out);
                } else {
                    out.println(form.unreadable(line.get()));
                }
                continue;
            }
            // Also flushes: lines come at once, or as fast as they are read.
            if (out.checkError() || once) {
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
    }

    /** What could not be shown stands on a terminal where it is missing. */
    private void tell(String sentence) {
        spec.commandLine().getOut().flush();
        spec.commandLine().getErr().println(sentence);
        spec.commandLine().getErr().flush();
    }

    private static void print(
            EventReader.EventLine line, RecordFilter filter, RecordLine form, long begin, PrintWriter out) {
        filter.hear(line.event());
        if (line.event().time() >= begin && filter.wants(line)) {
            out.println(form.of(line, filter.clientOf(line.event())));
        }
    }

    static Optional<EventReader.EventLine> read(String line) {
        try {
            return Optional.of(new EventReader().read(line));
        } catch (UnreadableLineException e) {
            return Optional.empty();
        }
    }

    private int failed(@Nullable String sentence) {
        spec.commandLine().getErr().println(sentence);
        return ExitCode.FAILED;
    }
}
