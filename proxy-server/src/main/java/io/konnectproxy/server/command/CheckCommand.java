package io.konnectproxy.server.command;

import io.konnectproxy.journal.Journal;
import io.konnectproxy.journal.JournalException;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.dns.ResolversInForce;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Loads the configuration and prints the effective settings. It opens no socket. */
@Command(
        name = "check",
        description = "Checks the configuration and prints what it amounts to, and where each value came from.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Override
    public Integer call() throws ConfigurationException {
        LoadedConfiguration loaded = configuration.load();
        try {
            Journal.check(loaded.configuration().audit());
        } catch (JournalException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.CONFIGURATION;
        }
        PrintWriter out = spec.commandLine().getOut();
        new ConfigurationSummary(loaded).full().forEach(out::println);
        ResolversInForce.sentences(loaded.configuration().dns()).forEach(out::println);
        Configuration.Limits limits = loaded.configuration().limits();
        Capacity.of(limits).sentences(limits).forEach(out::println);
        out.println();
        HostsCommand.print(loaded.configuration(), out);
        return ExitCode.OK;
    }
}
