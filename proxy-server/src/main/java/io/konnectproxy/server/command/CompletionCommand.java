package io.konnectproxy.server.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and options in a shell. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options in bash and zsh.",
            "For this shell: source <(konnect-proxy completion)",
            "For every bash: konnect-proxy completion > /etc/bash_completion.d/konnect-proxy"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String script = AutoComplete.bash("konnect-proxy", KonnectProxyCommand.withAllCommands());
        spec.commandLine().getOut().println(script.strip());
        return ExitCode.OK;
    }
}
