package io.konnectproxy.server.command;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.doctor.StepReport;
import io.konnectproxy.server.doctor.StepReport.Grade;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * What {@code doctor} has found, as one JSON object without secrets. Names are stable and described by
 * {@code config/doctor.schema.json}; more may be added.
 */
final class DoctorJson {
    /** The version of the form. It is increased when a name changes its meaning or is removed. */
    private static final int FORM = 1;

    private DoctorJson() {}

    /** @param file the configuration */
    static void write(Path file, List<StepReport> reports, PrintWriter out) {
        PrettyJson.write(out, json -> {
            json.writeStartObject();
            json.writeNumberProperty("doctor", FORM);
            json.writeStringProperty("version", ProxyServer.version());
            json.writeStringProperty("file", file.toString());
            json.writeNumberProperty("ok", count(reports, Grade.OK));
            json.writeNumberProperty("warnings", count(reports, Grade.WARN));
            json.writeNumberProperty("failures", count(reports, Grade.FAIL));
            json.writeArrayPropertyStart("steps");
            reports.forEach(report -> step(json, report));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void step(JsonGenerator json, StepReport report) {
        json.writeStartObject();
        json.writeStringProperty("step", report.step().token());
        optional(json, "subject", report.subject());
        json.writeStringProperty("result", report.grade().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("asked", report.asked());
        json.writeStringProperty("came", report.diagnosis().came());
        optional(json, "next", report.next());
        json.writeNumberProperty("took_ms", report.took().toMillis());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static long count(List<StepReport> reports, Grade grade) {
        return reports.stream().filter(report -> report.grade() == grade).count();
    }
}
