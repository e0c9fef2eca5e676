package io.konnectproxy.server.command;

import io.konnectproxy.server.demo.Demonstration;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: the offline demonstration. */
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
            KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
            UnaryOperator<String> shown = Terminal.STANDARD_OUTPUT.isThere()
                    ? new ShownRecords(Terminal.STANDARD_OUTPUT.isColoured(root.environment()))::of
                    : UnaryOperator.identity();
            return Demonstration.run(spec.commandLine().getOut(), shown) ? ExitCode.OK : ExitCode.FAILED;
        } catch (FileSystemException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "The demonstration needs a temporary directory that it can write: " + e.getMessage() + ".");
            return ExitCode.FAILED;
        }
    }
}
