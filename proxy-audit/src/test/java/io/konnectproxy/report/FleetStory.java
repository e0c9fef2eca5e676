package io.konnectproxy.report;

import io.konnectproxy.report.render.ReportFormat;
import io.konnectproxy.trail.TrailException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened to several proxies, each of which writes a trail of its own, and the report on all. They have one clock. */
final class FleetStory {
    private final Path directory;
    private final Map<String, Story> current = new LinkedHashMap<>();
    private final List<Story> trails = new ArrayList<>();
    private Duration now = Duration.ZERO;

    FleetStory(Path directory) {
        this.directory = directory;
    }

    /** The story of a proxy; it begins when it is first asked for. */
    Story at(String proxy) {
        return current.computeIfAbsent(proxy, this::begin);
    }

    /** A trail beside the one that a proxy has, or instead of it: what is told of it from now on is in the new one. */
    Story anew(String proxy) {
        Story story = begin(proxy);
        current.put(proxy, story);
        return story;
    }

    private Story begin(String proxy) {
        Story story = Story.of(proxy, String.format("%012x", 0xa0 + trails.size()));
        trails.add(story);
        return story.later(now);
    }

    FleetStory later(Duration by) {
        now = now.plus(by);
        trails.forEach(story -> story.later(by));
        return this;
    }

    /** A proxy that starts and runs a configuration. */
    FleetStory starts(String proxy, String version, String digest) {
        at(proxy).started(version).configured("start", digest, "[\"us\"]");
        return this;
    }

    FleetStory start(String... proxies) {
        for (String proxy : proxies) {
            starts(proxy, "1.0.0", "aaaaaaaaaaaa");
        }
        return this;
    }

    Path write() throws IOException {
        for (int i = 0; i < trails.size(); i++) {
            trails.get(i)
                    .writeTo(Files.createDirectories(directory.resolve("trail-" + i))
                            .resolve("audit.jsonl"));
        }
        return directory;
    }

    TrailReading.ReadReport read() throws IOException, TrailException {
        return Reports.on(write());
    }

    AuditReport report() throws IOException, TrailException {
        return read().report();
    }

    static String written(AuditReport report, ReportFormat format) {
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        format.render(report, printer);
        printer.flush();
        return out.toString();
    }
}
