package io.konnectproxy.server.command;

import io.konnectproxy.archive.StoreException;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.TrailArchive;
import io.konnectproxy.journal.TrailArchive.FileState;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit archive}: which finished files are archived, and archives those that are not. */
@Command(
        name = "archive",
        description = {
            "Shows which finished files of the trail are in the archive (audit.archive), or puts the others there.",
            "A proxy may run meanwhile; it archives by itself what it finishes.",
            "Ends with 0 when all finished files are archived, and with 1 otherwise."
        })
final class AuditArchiveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @ArgGroup(multiplicity = "1")
    private Task task = new Task();

    private static final class Task {
        @Option(names = "--status", required = true, description = "Show it, by what is noted beside the trail.")
        private boolean status;

        @Option(names = "--push", required = true, description = "Archive what is not archived yet.")
        private boolean push;

        boolean pushes() {
            return push && !status;
        }
    }

    @Override
    public Integer call() throws ConfigurationException {
        Configuration loaded = configuration.load().configuration();
        AuditSettings audit = loaded.audit();
        if (audit.archive().isEmpty() || audit.file().isEmpty()) {
            err().println("There is no archive in " + configuration.file() + "; set audit.archive.url.");
            return ExitCode.CONFIGURATION;
        }
        Path trail = Path.of(audit.file().get());
        try {
            TrailArchive archive =
                    TrailArchive.of(trail, loaded.instance(), audit.archive().get());
            return task.pushes() ? push(archive) : status(archive);
        } catch (StoreException e) {
            err().println("The archive " + audit.archive().get().place() + " takes no objects: " + e.getMessage()
                    + ".");
            return ExitCode.FAILED;
        } catch (IOException e) {
            err().println("The finished files of " + trail + " cannot be read: " + FileWords.reason(e) + ".");
            return ExitCode.FAILED;
        }
    }

    private int push(TrailArchive archive) throws IOException, StoreException {
        archive.push(state -> {
            print(state);
            out().flush();
        });
        return sum(archive);
    }

    private int status(TrailArchive archive) throws IOException {
        archive.status().forEach(this::print);
        return sum(archive);
    }

    private void print(FileState state) {
        out().printf(
                        "%-8s  %12d bytes  %s%s%n",
                        state.archived() ? "archived" : "pending",
                        state.bytes(),
                        Printable.of(String.valueOf(state.file().getFileName())),
                        state.trouble().map(why -> "; " + why).orElse(""));
    }

    private int sum(TrailArchive archive) throws IOException {
        long all = 0;
        long pending = 0;
        for (FileState state : archive.status()) {
            all++;
            pending += state.archived() ? 0 : 1;
        }
        Optional<Long> checkpoint = archive.checkpoint();
        out().println(pending + " of " + all + " finished files pending. Newest checkpoint in the archive: "
                + checkpoint.map(seq -> "line " + seq).orElse("none") + ".");
        return pending == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
