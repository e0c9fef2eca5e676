package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.VerifyResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private EvidenceOptions evidence = new EvidenceOptions();

    @Parameters(
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "The files of the trail, compressed or not, in any order; or their directory.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<VerificationKey> trusted = evidence.keys();
            NavigableMap<Long, String> kept = evidence.checkpoints();
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

    private static VerifyResult check(
            Segments segments, List<VerificationKey> trusted, NavigableMap<Long, String> kept, PrintWriter err)
            throws TrailException {
        if (!Terminal.STANDARD_ERROR.isThere()) {
            return new TrailCheck(trusted, kept).run(segments, (bytes, lines) -> {});
        }
        long total = segments.inOrder().stream()
                .mapToLong(segment -> segment.source().size())
                .sum();
        ProgressBar bar = new ProgressBar(err, total);
        try {
            return new TrailCheck(trusted, kept).run(segments, bar);
        } finally {
            bar.erase();
        }
    }
}
