package io.konnectproxy.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /metrics} said, in the text format of Prometheus. */
public record Scrape(String text, List<Sample> samples) {
    private static final Pattern LINE =
            Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?<labels>.*)\\})? (?<value>\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("(?<key>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(?:[^\"\\\\]|\\\\.)*)\"");

    /** One line. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    public static Scrape of(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> samples.add(sample(line)));
        return new Scrape(text, samples);
    }

    private static Sample sample(String line) {
        Matcher matcher = LINE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        Map<String, String> labels = new TreeMap<>();
        String text = matcher.group("labels");
        LABEL.matcher(text == null ? "" : text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        return new Sample(
                matcher.group("name"),
                labels,
                matcher.group("value").equals("+Inf")
                        ? Double.POSITIVE_INFINITY
                        : Double.parseDouble(matcher.group("value")));
    }

    /** Scrapes as Prometheus does. */
    public static Scrape of(InetSocketAddress admin) throws IOException, InterruptedException {
        HttpResponse<String> response = send(admin, "text/plain;version=0.0.4");
        assertThat(response.statusCode()).isEqualTo(200);
        return of(response.body());
    }

    /** The response to a scrape that accepts a format. */
    public static HttpResponse<String> send(InetSocketAddress admin, String accept)
            throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + admin.getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).header("Accept", accept).build(), BodyHandlers.ofString());
    }

    /** The value of the series with exactly these labels. */
    public double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        List<Sample> found = samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(wanted))
                .toList();
        assertThat(found).as(name + wanted + " in\n" + text).hasSize(1);
        return found.get(0).value();
    }

    /** The values of a metric that are not 0, by the values of their labels in the order of the labels' names. */
    public Map<List<String>, Long> counts(String name) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.value() != 0)
                .collect(Collectors.toMap(
                        sample -> List.copyOf(sample.labels().values()), sample -> (long) sample.value()));
    }
}
