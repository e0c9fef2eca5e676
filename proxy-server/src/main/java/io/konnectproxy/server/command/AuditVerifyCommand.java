package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.VerifyResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit verify}: checks that a trail is whole, and says exactly what that proves. */
@Command(
        name = "verify",
        description = {
            "Checks that an audit trail is whole, and says what that proves and what it does not.",
            "Ends with 0 when it is intact, with 1 when it is broken or cannot be read."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The public key of the checkpoints; once for each key that ever signed.")
    private List<Path> keys = List.of();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "A checkpoint line that was kept elsewhere, which the trail must contain.")
    private List<Path> checkpoints = List.of();

    @Parameters(
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "The files of the trail, compressed or not, in any order; or their directory.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<VerificationKey> trusted = readKeys();
            NavigableMap<Long, String> kept = KeptCheckpoints.read(checkpoints);
            try (Segments segments = Segments.of(files)) {
                long began = System.nanoTime();
                VerifyResult result = check(segments, trusted, kept, err);
                VerifyReport report = new VerifyReport(spec.commandLine().getOut(), !trusted.isEmpty());
                report.print(result, segments, System.nanoTime() - began);
                return result instanceof VerifyResult.Intact ? ExitCode.OK : ExitCode.FAILED;
            }
        } catch (TrailException | KeyFileException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private List<VerificationKey> readKeys() throws KeyFileException {
        List<VerificationKey> read = new ArrayList<>();
        for (Path key : keys) {
            read.add(VerificationKey.read(key));
        }
        return read;
    }

    private static VerifyResult check(
            Segments segments, List<VerificationKey> trusted, NavigableMap<Long, String> kept, PrintWriter err)
            throws TrailException {
        if (!Terminal.STANDARD_ERROR.isThere()) {
            return new TrailCheck(trusted, kept, (bytes, lines) -> {}).run(segments);
        }
        long total = segments.inOrder().stream()
                .map(Segment::file)
                .mapToLong(file -> file.toFile().length())
                .sum();
        ProgressBar bar = new ProgressBar(err, total);
        try {
            return new TrailCheck(trusted, kept, bar).run(segments);
        } finally {
            bar.erase();
        }
    }
}
