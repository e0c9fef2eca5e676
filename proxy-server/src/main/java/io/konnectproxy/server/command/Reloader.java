package io.konnectproxy.server.command;

import io.konnectproxy.audit.PolicySettings.Change;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.ReloadRefusedException;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.file.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration anew and puts it in force: on SIGHUP, and where it is watched, when the content of its files has
 * changed. A changed file counts once two looks in a row have found the same content, since the first may have read a part of
 * it. A refused configuration is tried again every minute, because the reason may lie outside of its files.
 */
final class Reloader implements FileWatch.Watched {
    private static final Logger LOG = LoggerFactory.getLogger("reload");
    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);
    /** More than any file of a configuration may have. */
    private static final int MAX_BYTES = 8 << 20;

    private final ProxyServer server;
    private final Loading configuration;
    private Set<Path> files;
    /** The content at the last look, and at the last attempt. */
    private String seen;

    private String tried;
    private List<String> problems = List.of();
    private long triedAt = System.nanoTime();

    /** Reads the configuration. */
    interface Loading {
        LoadedConfiguration load() throws ConfigurationException;
    }

    /**
     * @param first the configuration that the server was started with
     * @param content of its files when it was read, as {@link #digest} has it: they may have changed during the start
     */
    Reloader(ProxyServer server, Loading configuration, LoadedConfiguration first, String content) {
        this.server = server;
        this.configuration = configuration;
        this.files = new TreeSet<>(first.files());
        this.seen = content;
        this.tried = content;
    }

    /** Reloads now, changed or not; also the files that are watched anyway. */
    synchronized void reload() {
        server.followFiles();
        problems = List.of();
        attempt(digest(files));
    }

    @Override
    public synchronized void look(boolean atOnce) {
        String now = digest(files);
        boolean settled = atOnce || now.equals(seen);
        seen = now;
        if (settled && (!now.equals(tried) || isRetryDue())) {
            attempt(now);
        }
    }

    private boolean isRetryDue() {
        return !problems.isEmpty() && System.nanoTime() - triedAt >= RETRY_INTERVAL.toNanos();
    }

    private void attempt(String content) {
        tried = content;
        triedAt = System.nanoTime();
        try {
            LoadedConfiguration loaded = configuration.load();
            Set<Path> read = new TreeSet<>(loaded.files());
            if (!read.equals(files)) {
                files = read;
                tried = digest(files);
            }
            ProxyServer.Reloaded reloaded = server.reload(loaded);
            problems = List.of();
            say(loaded, reloaded, System.nanoTime() - triedAt);
        } catch (ConfigurationException e) {
            refused(e.problems());
        } catch (ReloadRefusedException e) {
            refused(e.problems());
        } catch (RuntimeException | Error e) {
            // Nobody else would say so: the one from before stays, as after every other refusal.
            refused(List.of("Internal error, please report it: " + e));
        }
    }

    private static void say(LoadedConfiguration loaded, ProxyServer.Reloaded reloaded, long nanos) {
        LOG.info(
                "reloaded in {} ms: {}{}",
                TimeUnit.NANOSECONDS.toMillis(nanos),
                reloaded.changes().isEmpty()
                        ? "its settings are as before"
                        : String.join(
                                "; ",
                                reloaded.changes().stream().map(Reloader::words).toList()),
                reloaded.ended() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %d open tunnels that it refuses end within %d s",
                                reloaded.ended(),
                                reloaded.spread().toSeconds()));
        loaded.warnings().forEach(LOG::warn);
    }

    /** {@code regions +eu -us} with the key as in the file. */
    private static String words(Change change) {
        StringBuilder words = new StringBuilder(change.key().replace('_', '-'));
        change.added().forEach(value -> words.append(" +").append(value));
        change.removed().forEach(value -> words.append(" -").append(value));
        return words.toString();
    }

    private void refused(List<String> why) {
        if (why.equals(problems)) {
            return;
        }
        problems = why;
        server.refuseReload(why);
        LOG.error("the changed configuration is refused as a whole; the one from before stays in force:");
        why.forEach(LOG::error);
    }

    /** Identifies what the files hold now. */
    static String digest(Set<Path> files) {
        List<byte[]> contents = new ArrayList<>();
        for (Path each : new TreeSet<>(files)) {
            contents.add(content(each));
        }
        return Snapshot.digest(contents);
    }

    /** Of regular files only: a pipe can be read once, and could be waited for without end. */
    private static byte[] content(Path file) {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException e) {
            return String.valueOf(e).getBytes(StandardCharsets.UTF_8);
        }
    }
}
