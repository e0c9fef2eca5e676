package io.konnectproxy.server.command;

import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.log.AuditStream;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.trail.FileWords;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code run}: runs the proxy until SIGTERM or SIGINT, and then drains it. All its messages go through the log, so that
 * each line on standard error has a time and a level, also the reasons for a failed start.
 */
@Command(name = "run", description = "Runs the proxy.")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("run");
    private static final String WARNING = "warning: ";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--watch",
            description = "Reads the configuration anew whenever the content of its files has changed, as SIGHUP does.")
    private boolean watch;

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Override
    public Integer call() throws InterruptedException {
        // Otherwise the JDK would print the exception with its stack trace.
        Thread.setDefaultUncaughtExceptionHandler((thread, e) ->
                LOG.error("Internal error in the thread {}, please report it: {}", thread.getName(), e.toString()));
        SpareThreads.check();
        try {
            return run(configuration.load());
        } catch (ConfigurationException e) {
            e.problems().forEach(LOG::error);
            return ExitCode.CONFIGURATION;
        } catch (StartupException e) {
            LOG.error("{}", e.getMessage());
            return ExitCode.FAILED;
        } catch (RuntimeException e) {
            LOG.error(
                    "{}",
                    lacksDescriptors(e)
                            ? "This process may open too few files to start. Raise the limit: LimitNOFILE= of systemd, or"
                                    + " ulimit -n elsewhere."
                            : "Internal error, please report it: " + e);
            return ExitCode.FAILED;
        }
    }

    private static boolean lacksDescriptors(RuntimeException failure) {
        return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof IOException problem && FileWords.lacksDescriptors(problem));
    }

    private int run(LoadedConfiguration loaded) throws StartupException, InterruptedException {
        String content = Reloader.digest(loaded.files());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch atOnce = new CountDownLatch(2);
        Signals.onStop(() -> {
            stop.countDown();
            atOnce.countDown();
        });
        CompletableFuture<Reloader> started = new CompletableFuture<>();
        // From now on, for otherwise it would end the process; one that comes during the start counts after it.
        Signals.onHangUp(() -> started.thenAccept(Reloader::reload));
        KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
        if (loaded.configuration().audit().stdout() == AuditSettings.Stdout.ON && Terminal.STANDARD_OUTPUT.isThere()) {
            AuditStream.show(new ShownRecords(Terminal.STANDARD_OUTPUT.isColoured(root.environment()))::of);
        }
        try (ProxyServer server = root.start().from(loaded.configuration());
                FileWatch files = new FileWatch()) {
            new ConfigurationSummary(loaded)
                    .startUp(server.listeners(), server.admin())
                    .forEach(RunCommand::say);
            server.capacity().sentences(loaded.configuration().limits()).forEach(RunCommand::say);
            Reloader reloader = new Reloader(server, configuration::load, loaded, content);
            started.complete(reloader);
            if (watch) {
                files.add(reloader);
            }
            stop.await();
            LOG.info("draining, {} open connections; a second signal ends at once", server.connections());
            closeOn(atOnce, server);
            server.drain();
            return ExitCode.OK;
        }
    }

    /** A line that {@code check} prints with the prefix "warning:" is logged at the level WARN. */
    private static void say(String line) {
        if (line.startsWith(WARNING)) {
            LOG.warn("{}", line.substring(WARNING.length()));
        } else {
            LOG.info("{}", line);
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
