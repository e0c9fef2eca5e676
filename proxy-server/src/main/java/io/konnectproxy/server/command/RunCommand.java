package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.LoadedConfiguration;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}: the proxy, until SIGTERM or SIGINT, and then its clean end. */
@Command(name = "run", description = "Runs the proxy.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Override
    public Integer call() throws ConfigurationException, InterruptedException {
        LoadedConfiguration loaded = configuration.load();
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch atOnce = new CountDownLatch(2);
        Signals.onStop(() -> {
            stop.countDown();
            atOnce.countDown();
        });
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        try (ProxyServer server = root.start().from(loaded.configuration())) {
            new ConfigurationSummary(loaded).startUp(server.listeners()).forEach(err::println);
            server.capacity().sentences(loaded.configuration().limits()).forEach(err::println);
            Signals.onHangUp(server::followFiles);
            stop.await();
            err.println("draining, " + server.connections() + " open connections; a second signal ends at once");
            closeOn(atOnce, server);
            server.drain();
            return ExitCode.OK;
        } catch (StartupException e) {
            err.println(e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static void closeOn(CountDownLatch signal, ProxyServer server) {
        Thread thread = new Thread(
                () -> {
                    try {
                        signal.await();
                        server.close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "second-signal");
        thread.setDaemon(true);
        thread.start();
    }
}
