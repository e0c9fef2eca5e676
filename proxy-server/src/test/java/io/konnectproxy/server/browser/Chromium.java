package io.konnectproxy.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A headless Chromium of its own, with an empty profile. */
final class Chromium implements AutoCloseable {
    private static final String ANNOUNCEMENT = "DevTools listening on ";

    private final Process process;
    private final DevTools tools;

    private Chromium(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    static Chromium start(String program, Path profile) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-sync",
                "--force-color-profile=srgb",
                "--hide-scrollbars"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        URI endpoint = endpoint(said);
        if (endpoint == null) {
            process.destroyForcibly();
            throw new IOException(program + " ended without the address of its DevTools");
        }
        Thread reader = new Thread(() -> said.lines().forEach(line -> {}), "chromium");
        reader.setDaemon(true);
        reader.start();
        return new Chromium(process, new DevTools(endpoint));
    }

    private static @Nullable URI endpoint(BufferedReader said) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(ANNOUNCEMENT)) {
                return URI.create(line.substring(ANNOUNCEMENT.length()).trim());
            }
        }
        return null;
    }

    /** A tab in a context of its own, which shares nothing with the others. */
    BrowserTab tab() {
        String context = tools.send(null, "Target.createBrowserContext", Map.of())
                .get("browserContextId")
                .asString();
        String target = tools.send(
                        null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .get("targetId")
                .asString();
        String session = tools.send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        return new BrowserTab(tools, session, context);
    }

    @Override
    public void close() {
        // It clears away what it has in its profile.
        tools.send(null, "Browser.close", Map.of());
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        } finally {
            tools.close();
        }
    }
}
