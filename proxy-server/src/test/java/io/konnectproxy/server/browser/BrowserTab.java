package io.konnectproxy.server.browser;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A tab: what a person does in it, and what can be seen of it. Remembers whatever goes wrong in it. */
final class BrowserTab implements AutoCloseable {
    private final DevTools tools;
    private final String session;
    private final String context;

    BrowserTab(DevTools tools, String session, String context) {
        this.tools = tools;
        this.session = session;
        this.context = context;
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
        send("Performance.enable", Map.of("timeDomain", "threadTicks"));
        // A tab of which another one has the focus sees no keys.
        send("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        size(1280, 900);
        scheme("light");
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        return tools.send(session, method, parameters);
    }

    void size(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    void scheme(String scheme) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void zone(String zone) {
        send("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    /** Runs before the document's own script. */
    void beforehand(String script) {
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    void open(URI address) {
        send("Page.navigate", Map.of("url", address.toString()));
    }

    /** The value of an expression; what it promises is awaited. */
    JsonNode value(String expression) {
        JsonNode result = send(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return result.get("result").path("value");
    }

    String text(String selector) {
        return value("document.querySelector(%s).innerText".formatted(quoted(selector)))
                .asString();
    }

    List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        value("[...document.querySelectorAll(%s)].map(each => each.innerText)".formatted(quoted(selector)))
                .forEach(text -> texts.add(text.asString()));
        return texts;
    }

    private static String quoted(String selector) {
        return "'" + selector.replace("'", "\\'") + "'";
    }

    /** Looks at each frame until the condition holds. */
    void await(String condition) {
        JsonNode held = value("""
                new Promise(done => {
                  const end = performance.now() + 8000;
                  const look = () => {
                    let holds = false;
                    try { holds = !!(%s); } catch (e) { /* Not there yet. */ }
                    if (holds || performance.now() > end) done(holds); else setTimeout(look, 10);
                  };
                  look();
                })""".formatted(condition));
        if (!held.asBoolean()) {
            throw new AssertionError("never: " + condition + "\nIn the tab: " + problems());
        }
    }

    /** Presses a key as a person does: {@code Tab}, {@code Enter}, {@code Space}. */
    void press(String key) {
        Map<String, ?> event = switch (key) {
            case "Tab" -> Map.of("key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9);
            case "Enter" -> Map.of("key", "Enter", "code", "Enter", "windowsVirtualKeyCode", 13, "text", "\r");
            case "Space" -> Map.of("key", " ", "code", "Space", "windowsVirtualKeyCode", 32, "text", " ");
            case "End" -> Map.of("key", "End", "code", "End", "windowsVirtualKeyCode", 35);
            default -> throw new IllegalArgumentException(key);
        };
        for (String type : List.of(event.containsKey("text") ? "keyDown" : "rawKeyDown", "keyUp")) {
            Map<String, Object> parameters = new java.util.HashMap<>(event);
            parameters.put("type", type);
            send("Input.dispatchKeyEvent", parameters);
        }
    }

    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /** All that is exposed to assistive technology: a role and a name each. */
    List<String> accessibilityTree() {
        List<String> nodes = new ArrayList<>();
        for (JsonNode node : send("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
            if (!node.path("ignored").asBoolean()) {
                nodes.add(node.path("role").path("value").asString("") + " "
                        + node.path("name").path("value").asString(""));
            }
        }
        return nodes;
    }

    /** The whole page, or what can be seen of it. */
    void screenshot(Path file, boolean whole) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] image = Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole))
                        .get("data")
                        .asString());
        Files.write(file, image);
    }

    /** What its main thread has used of the processor so far: in all, and for scripts, styles and layout. */
    Map<String, Double> processorSeconds() {
        Map<String, Double> seconds = new TreeMap<>();
        for (JsonNode metric : send("Performance.getMetrics", Map.of()).get("metrics")) {
            String name = metric.get("name").asString();
            if (name.endsWith("Duration")) {
                seconds.put(name, metric.get("value").asDouble());
            }
        }
        return seconds;
    }

    List<String> requests() {
        return tools.events(session, "Network.requestWillBeSent").stream()
                .map(event -> event.get("request").get("url").asString())
                .toList();
    }

    /** Exceptions, errors on the console, violated policies, what could not be loaded. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        tools.events(session, "Runtime.exceptionThrown")
                .forEach(event -> problems.add(event.get("exceptionDetails").toString()));
        tools.events(session, "Runtime.consoleAPICalled").stream()
                .filter(event -> !event.get("type").asString().equals("log"))
                .forEach(event -> problems.add(event.get("args").toString()));
        tools.events(session, "Log.entryAdded")
                .forEach(event -> problems.add(event.get("entry").toString()));
        return problems;
    }

    @Override
    public void close() {
        tools.send(null, "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }
}
