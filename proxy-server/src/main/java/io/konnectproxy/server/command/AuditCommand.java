package io.konnectproxy.server.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code audit}: the commands for an audit trail. Without a subcommand it prints its usage. */
@Command(
        name = "audit",
        description = "Checks, sums up, exports, follows and archives the audit trail.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditReportCommand.class,
            AuditExportCommand.class,
            AuditTailCommand.class,
            AuditArchiveCommand.class,
            AuditKeygenCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class AuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
