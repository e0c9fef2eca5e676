package io.konnectproxy.server.command;

import io.konnectproxy.server.demo.Demonstration;
import java.nio.file.FileSystemException;
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
        try {
            return Demonstration.run(spec.commandLine().getOut()) ? ExitCode.OK : ExitCode.FAILED;
        } catch (FileSystemException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "The demonstration needs a temporary directory that it can write: " + e.getMessage() + ".");
            return ExitCode.FAILED;
        }
    }
}
