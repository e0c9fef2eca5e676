package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the man page. */
@Command(
        name = "man",
        description = {
            "Prints the man page of all commands.",
            "To read it: konnect-proxy man | man -l -",
            "To install it: konnect-proxy man > /usr/local/share/man/man1/konnect-proxy.1"
        })
final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(ManPage.of(KonnectProxyCommand.withAllCommands().getCommandSpec(), ProxyServer.version()));
        return ExitCode.OK;
    }
}
