package io.konnectproxy.server.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: {@link ProxyRun}. */
@Command(name = RunCommand.NAME, description = "Runs the proxy.")
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";
    static final String WATCH = "--watch";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = WATCH,
            description = "Reads the configuration anew whenever the content of its files has changed, as SIGHUP does.")
    private boolean watch;

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Override
    public Integer call() throws InterruptedException {
        return asked().call();
    }

    /** What was asked for. */
    ProxyRun asked() {
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        return new ProxyRun(root.start(), root.environment(), configuration.file(), watch);
    }
}
