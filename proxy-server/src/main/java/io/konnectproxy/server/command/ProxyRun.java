package io.konnectproxy.server.command;

import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.log.AuditStream;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.StartupException;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.config.SigningFiles;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.trail.FileWords;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} does: runs the proxy until SIGTERM or SIGINT, and then drains it. All its messages go through the log, so that
 * each line on standard error has a time and a level, also the reasons for a failed start.
 *
 * @param file the configuration
 * @param environment the environment variables of the process
 * @param watch whether files are followed
 */
record ProxyRun(KonnectProxyCommand.ServerStart start, Map<String, String> environment, Path file, boolean watch) {
    private static final Logger LOG = LoggerFactory.getLogger("run");
    private static final String WARNING = "warning: ";

    ProxyRun {
        environment = Map.copyOf(environment);
    }

    /**
     * The run that these arguments ask for, where they are as units, images and people write them: {@code run}, {@code --watch},
     * {@code -c FILE}. All else is for picocli, which takes a third of the time to the first listener. What it would read is the
     * same.
     */
    static Optional<ProxyRun> plainly(
            KonnectProxyCommand.ServerStart start, Map<String, String> environment, String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals(RunCommand.NAME)) {
            return Optional.empty();
        }
        Optional<String> file = Optional.empty();
        boolean watch = false;
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals(RunCommand.WATCH) && !watch) {
                watch = true;
            } else if (isFile(arguments[i])
                    && file.isEmpty()
                    && i + 1 < arguments.length
                    && isPlain(arguments[i + 1])) {
                file = Optional.of(arguments[++i]);
            } else {
                return Optional.empty();
            }
        }
        try {
            Path path = Path.of(file.orElseGet(ConfigurationOption::defaultFile));
            return Optional.of(new ProxyRun(start, environment, path, watch));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isFile(String argument) {
        return argument.equals(ConfigurationOption.SHORT) || argument.equals(ConfigurationOption.LONG);
    }

    /** Nothing that could mean more than its letters. */
    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-".indexOf(c) >= 0)
                && value.charAt(0) != '-';
    }

    /** Returns the exit code of the process. */
    int call() throws InterruptedException {
        // Otherwise the JDK would print the exception with its stack trace.
        Thread.setDefaultUncaughtExceptionHandler((thread, e) ->
                LOG.error("Internal error in the thread {}, please report it: {}", thread.getName(), e.toString()));
        SpareThreads.check();
        try {
            return run(load());
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

    private LoadedConfiguration load() throws ConfigurationException {
        return ConfigurationLoader.load(file, environment, SigningFiles.READ_AGAIN);
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
        if (loaded.configuration().audit().stdout() == AuditSettings.Stdout.ON && Terminal.STANDARD_OUTPUT.isThere()) {
            AuditStream.show(new ShownRecords(Terminal.STANDARD_OUTPUT.isColoured(environment))::of);
        }
        try (ProxyServer server = start.from(loaded.configuration());
                FileWatch files = new FileWatch()) {
            new ConfigurationSummary(loaded)
                    .startUp(server.listeners(), server.admin())
                    .forEach(ProxyRun::say);
            server.capacity().sentences(loaded.configuration().limits()).forEach(ProxyRun::say);
            Reloader reloader = new Reloader(server, this::load, loaded, content);
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
