package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.ProxyNames;
import io.konnectproxy.report.Ranking;
import io.konnectproxy.report.RepeatedRequest;
import io.konnectproxy.report.ReportedTrails;
import io.konnectproxy.report.Tally;
import io.konnectproxy.trail.event.Micros;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Writes the tables in the JSON of a report. */
final class JsonTables {
    private final JsonGenerator json;
    private final ReportedTrails trails;
    private final int top;

    JsonTables(JsonGenerator json, AuditReport report) {
        this.json = json;
        this.trails = report.trails();
        this.top = report.query().top();
    }

    /** A ranking of requests and tunnels by a key. */
    void traffic(String name, String key, Ranking<String> ranking) {
        table(name, ranking, row -> json.writeStringProperty(key, row), this::figures);
    }

    void repeated(String name, String result, Ranking<RepeatedRequest> ranking) {
        table(
                name,
                ranking,
                row -> {
                    json.writeStringProperty("client", row.client());
                    json.writeStringProperty("target", row.target());
                    json.writeStringProperty(result, row.result());
                },
                this::count);
    }

    /** A ranking with counts only. */
    void counted(String name, String key, Ranking<String> ranking) {
        table(name, ranking, row -> json.writeStringProperty(key, row), this::count);
    }

    private <K> void table(String name, Ranking<K> ranking, Consumer<K> key, Consumer<Tally> figures) {
        Ranking.Top<K> found = ranking.top(top);
        json.writeObjectPropertyStart(name);
        json.writeArrayPropertyStart("rows");
        for (Ranking.RankedRow<K> row : found.rows()) {
            json.writeStartObject();
            key.accept(row.key());
            figures.accept(row.tally());
            json.writeNumberProperty("may_have_missed", row.missed());
            proxies(trails.names(row.tally()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectPropertyStart("others");
        json.writeNumberProperty("names", found.otherKeys());
        json.writeNumberProperty("most_lines_of_one_that_was_dropped", found.floor());
        figures.accept(found.others());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Nothing where they are not known, as in a report on one trail. */
    void proxies(ProxyNames proxies) {
        if (proxies.all() > 0) {
            texts("proxies", proxies.first());
            json.writeNumberProperty("proxies_in_all", proxies.all());
        }
    }

    void tally(Tally tally) {
        json.writeStartObject();
        figures(tally);
        json.writeEndObject();
    }

    void figures(Tally tally) {
        json.writeNumberProperty("permitted", tally.permitted());
        json.writeNumberProperty("refused", tally.refused());
        json.writeNumberProperty("let_through", tally.letThrough());
        json.writeNumberProperty("tunnels", tally.tunnels());
        json.writeNumberProperty("failed", tally.failed());
        json.writeNumberProperty("bytes_up", tally.bytesUp());
        json.writeNumberProperty("bytes_down", tally.bytesDown());
        json.writeNumberProperty("tunnel_ms", tally.millis());
    }

    private void count(Tally tally) {
        json.writeNumberProperty("count", tally.lines());
        time("first", known(tally.first()));
        time("last", known(tally.last()));
    }

    void counts(String name, Map<String, Long> counts) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(counts).forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    void texts(String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    void time(String name, Optional<Long> micros) {
        json.writeStringProperty(name, micros.map(Micros::text).orElse(null));
    }

    Optional<Long> known(long micros) {
        return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE ? Optional.empty() : Optional.of(micros);
    }
}
