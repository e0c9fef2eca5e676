package io.konnectproxy.server.command;

import io.konnectproxy.archive.StoreException;
import io.konnectproxy.export.ExportFormat;
import io.konnectproxy.export.TrailExport;
import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.server.file.SafeFile;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.event.Printable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code audit export}: passes the lines of trails on to other programs. */
@Command(
        name = "export",
        description = {
            "Writes the lines of trails for other programs: as they are, as Parquet for query engines, or as OCSF or ECS for a SIEM.",
            "Verifies what it reads, as 'audit verify' does, and exports verified lines only.",
            "A TIME is a date, a date-time (UTC), or how long ago: 2026-11-22, 2026-11-22T18:00, 7d, 24h.",
            "Ends with 0, or with 1 when a trail is broken or a file could not be read: the export has what comes before that;",
            "also with 1 when lines have not been here for a day that were written, or when a directory cannot be read or a file",
            "that is named like one of a trail has not one line of one."
        })
final class AuditExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final int BUFFER = 1 << 16;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TrailArguments places = new TrailArguments();

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = "lines, parquet, ocsf or ecs.")
    private ExportFormat format = ExportFormat.LINES;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            defaultValue = STANDARD_OUTPUT,
            description = "The file to write. Parquet needs one. Default: - for standard output")
    private String output = STANDARD_OUTPUT;

    @Option(names = "--force", description = "Replaces the file if it exists.")
    private boolean force;

    @Mixin
    private PeriodOptions period = new PeriodOptions();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The public key of the checkpoints; once for each key that ever signed.")
    private List<Path> keys = List.of();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        boolean toFile = !output.equals(STANDARD_OUTPUT);
        if (!toFile && !format.isText()) {
            throw new ParameterException(spec.commandLine(), "Parquet needs a file: name it with -o FILE.");
        }
        try {
            TrailExport export = new TrailExport(format, period.period(Instant.now()), EvidenceOptions.read(keys));
            try (TrailArguments.OpenedPlaces opened = places.open();
                    Trails trails = Trails.of(opened.all())) {
                List<TrailExport.Lack> troubles = toFile ? toFile(export, trails) : toStandardOutput(export, trails);
                TrailArguments.tellForeign(trails, err);
                troubles.forEach(lack -> err.println(lack.sentence()));
                return troubles.stream().allMatch(AuditExportCommand::isExpected) ? ExitCode.OK : ExitCode.FAILED;
            }
        } catch (TrailException | KeyFileException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        } catch (StoreException e) {
            err.println("The archive cannot be read: " + Printable.of(String.valueOf(e.getMessage())) + ".");
            return ExitCode.FAILED;
        } catch (FileAlreadyExistsException e) {
            err.println(e.getFile() + " exists already; name another file, or replace it with --force.");
            return ExitCode.OUTPUT;
        } catch (IOException e) {
            err.println(SafeFile.sentence(e, "The export"));
            return ExitCode.OUTPUT;
        }
    }

    private List<TrailExport.Lack> toFile(TrailExport export, Trails trails) throws IOException {
        Path target = Path.of(output);
        requireNoEvidence(target, trails);
        try (SafeFile.PendingFile file = SafeFile.pending(target, force)) {
            OutputStream out = new BufferedOutputStream(file.stream(), BUFFER);
            List<TrailExport.Lack> troubles = export.of(trails, out);
            out.flush();
            file.finish();
            return troubles;
        }
    }

    /** The last file of a proxy that runs is not in the archive, and its checkpoints are. */
    private static boolean isExpected(TrailExport.Lack lack) {
        return lack.since()
                .filter(Instant.now().minus(AuditVerifyCommand.UNFINISHED)::isBefore)
                .isPresent();
    }

    /** The lines that a period leaves out would be gone. */
    private static void requireNoEvidence(Path target, Trails trails) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        for (Trail trail : trails.all()) {
            for (Segment segment : trail.segments().inOrder()) {
                if (segment.source().isAt(target)) {
                    throw new FileSystemException(
                            target.toString(), null, "it is a file of the trail itself; name another");
                }
            }
        }
    }

    private List<TrailExport.Lack> toStandardOutput(TrailExport export, Trails trails) throws IOException {
        PrintedStream out = new PrintedStream(spec.commandLine().getOut());
        try {
            OutputStream buffered = new BufferedOutputStream(out, BUFFER);
            List<TrailExport.Lack> troubles = export.of(trails, buffered);
            buffered.flush();
            return troubles;
        } catch (PrintedStream.ClosedException e) {
            // Whoever owns standard output knows why, and whether that is a failure.
            return List.of();
        }
    }
}
