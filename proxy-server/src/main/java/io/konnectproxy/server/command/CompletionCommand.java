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
    /** The shell expands a list of words, and with it what a file name has between {@code $(} and {@code )}. */
    private static final String EXPANDED =
            "$(compgen -W \"${commands// /$'\\n'}${IFS}${positionals}\" -- \"${curr_word}\")";

    private static final String NOT_EXPANDED =
            "$(compgen -W \"${commands// /$'\\n'}\" -- \"${curr_word}\") $(printf '%s\\n' \"${positionals}\")";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        String script = AutoComplete.bash("konnect-proxy", KonnectProxyCommand.withAllCommands());
        spec.commandLine().getOut().println(withoutExpansion(script).strip());
        return ExitCode.OK;
    }

    private static String withoutExpansion(String script) {
        String safe = script.replace(EXPANDED, NOT_EXPANDED);
        if (safe.contains("${positionals}\" -- ")) {
            throw new IllegalStateException("the script expands names of files");
        }
        return safe;
    }
}
