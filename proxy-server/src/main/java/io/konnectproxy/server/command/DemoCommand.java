package io.konnectproxy.server.command;

import io.konnectproxy.server.demo.Demonstration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: the offline proof. */
@Command(
        name = "demo",
        description =
                "Shows the proxy at work, offline: a stand-in for Konnect, one permitted tunnel, several refusals.")
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        return Demonstration.run(spec.commandLine().getOut()) ? ExitCode.OK : ExitCode.FAILED;
    }
}
