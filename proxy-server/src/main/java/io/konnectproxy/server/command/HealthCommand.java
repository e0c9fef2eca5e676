package io.konnectproxy.server.command;

import io.konnectproxy.server.admin.HealthProbe;
import io.konnectproxy.server.config.ConfigurationException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code health}: prints in one line whether the proxy of this configuration is ready. It is meant for container health
 * checks.
 */
@Command(name = "health", description = "Asks the running proxy of this configuration whether it is ready.")
final class HealthCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Override
    public Integer call() {
        try {
            return ask(configuration.load().configuration().admin().address());
        } catch (ConfigurationException e) {
            // Container platforms expect 0 or 1, so this is no exit code 78, and keep one line; the check command
            // prints all errors.
            return failed("The configuration cannot be used, so nobody knows whom to ask: "
                    + e.problems().get(0));
        }
    }

    private int ask(InetSocketAddress admin) {
        if (admin.getPort() == 0) {
            return failed("admin.address leaves the port to the system, so nobody knows whom to ask: set a port.");
        }
        HealthProbe.Health answer = HealthProbe.ask(admin);
        if (!answer.ready()) {
            return failed(answer.sentence());
        }
        spec.commandLine().getOut().println(answer.sentence());
        return ExitCode.OK;
    }

    private int failed(String sentence) {
        spec.commandLine().getErr().println(sentence);
        return ExitCode.FAILED;
    }
}
