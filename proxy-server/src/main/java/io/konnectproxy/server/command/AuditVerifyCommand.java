package io.konnectproxy.server.command;

import io.konnectproxy.archive.StoreException;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.CheckedTrail;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.ParallelCheck;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailWalk;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.VerifyResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code audit verify}: checks that trails are whole, and says exactly what that proves. */
@Command(
        name = "verify",
        description = {
            "Checks that an audit trail is whole, and says what that proves and what it does not. Several trails are verified each"
                    + " by itself.",
            "Ends with 0 when all are intact, with 1 when one is broken or cannot be read, when lines have not been here for"
                    + " a day that were written, or when a directory cannot be read or a file that is named like one of a trail has"
                    + " not one line of one."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    /** A proxy that runs has its newest lines in a file that is not finished, and not in the archive yet. */
    static final Duration UNFINISHED = Duration.ofDays(1);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private EvidenceOptions evidence = new EvidenceOptions();

    @Mixin
    private TrailArguments places = new TrailArguments();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (TrailArguments.OpenedPlaces opened = places.open()) {
            List<VerificationKey> trusted = evidence.keys();
            KeptCheckpoints kept = evidence.checkpoints();
            try (Trails trails = Trails.of(opened.all())) {
                List<String> absent = kept.ofAbsentTrails(trails.all());
                if (!absent.isEmpty()) {
                    absent.forEach(err::println);
                    return ExitCode.FAILED;
                }
                return trails.all().size() == 1 ? one(trails, trusted, kept) : several(trails, trusted, kept);
            }
        } catch (TrailException | KeyFileException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        } catch (StoreException e) {
            err.println(TrailArguments.unreadable(e));
            return ExitCode.FAILED;
        }
    }

    private int one(Trails trails, List<VerificationKey> trusted, KeptCheckpoints kept) throws TrailException {
        Trail trail = trails.all().get(0);
        long began = System.nanoTime();
        TrailCheck check = new TrailCheck(trusted, kept.of(trail, true), trail);
        VerifyResult result = withProgress(trails, progress -> check.run(trail.segments(), progress));
        new VerifyReport(spec.commandLine().getOut(), !trusted.isEmpty())
                .print(trail, result, trails.passedOver(), System.nanoTime() - began);
        return code(trails, List.of(new CheckedTrail(trail, Optional.of(result), Optional.empty())));
    }

    private int several(Trails trails, List<VerificationKey> trusted, KeptCheckpoints kept) throws TrailException {
        long began = System.nanoTime();
        List<CheckedTrail> checked =
                withProgress(trails, progress -> new ParallelCheck(trusted, kept, progress).of(trails.all()));
        new FleetVerifyReport(spec.commandLine().getOut(), !trusted.isEmpty())
                .print(checked, trails.passedOver(), System.nanoTime() - began);
        return code(trails, checked);
    }

    private interface Verifying<T> {
        T run(TrailWalk.Progress progress) throws TrailException;
    }

    private <T> T withProgress(Trails trails, Verifying<T> verification) throws TrailException {
        if (!Terminal.STANDARD_ERROR.isThere()) {
            return verification.run((bytes, lines) -> {});
        }
        long total = trails.all().stream().mapToLong(Trail::bytes).sum();
        ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), total);
        try {
            return verification.run(bar);
        } finally {
            bar.erase();
        }
    }

    private static int code(Trails found, List<CheckedTrail> trails) {
        Instant now = Instant.now();
        boolean well = found.passedOver(Segments.PassedOver.Kind.UNREAD).isEmpty()
                && trails.stream()
                        .allMatch(checked -> checked.trouble().isEmpty()
                                && checked.broken().isEmpty()
                                && checked.notHere()
                                        .filter(lines -> isOverdue(Instant.parse(lines.until()), now))
                                        .isEmpty());
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A time of the future, which a wrong clock or whoever can write to the archive makes, puts nothing off. */
    private static boolean isOverdue(Instant until, Instant now) {
        return until.isBefore(now.minus(UNFINISHED)) || until.isAfter(now.plus(UNFINISHED));
    }
}
