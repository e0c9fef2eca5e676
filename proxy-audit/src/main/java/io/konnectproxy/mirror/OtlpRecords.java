package io.konnectproxy.mirror;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Converts lines to log records of OpenTelemetry's data model: the line is the body, and the fields for filters are
 * attributes.
 */
final class OtlpRecords {
    private static final String PREFIX = "konnect_proxy.";
    private static final AttributeKey<Long> SEQ = AttributeKey.longKey(PREFIX + "seq");
    private static final AttributeKey<String> EVENT = AttributeKey.stringKey(PREFIX + "event");
    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey(PREFIX + "verdict");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey(PREFIX + "reason");

    private final List<LogRecordData> made = new ArrayList<>();
    private final Logger logger = SdkLoggerProvider.builder()
            .setResource(resource())
            .addLogRecordProcessor((context, record) -> made.add(record.toLogRecordData()))
            .build()
            .get("io.konnectproxy.audit");

    private static Resource resource() {
        AttributesBuilder attributes = Attributes.builder().put("service.name", "konnect-proxy");
        Optional.ofNullable(OtlpRecords.class.getPackage().getImplementationVersion())
                .ifPresent(version -> attributes.put("service.version", version));
        return Resource.create(attributes.build());
    }

    List<LogRecordData> of(List<MirroredLine> lines) {
        made.clear();
        lines.forEach(this::emit);
        return List.copyOf(made);
    }

    private void emit(MirroredLine line) {
        MirroredEvent event = line.event();
        LogRecordBuilder record = logger.logRecordBuilder()
                .setTimestamp(Instant.parse(event.time()))
                .setSeverity(severity(event))
                .setSeverityText(severity(event).name())
                .setEventName(PREFIX + event.name())
                .setBody(line.text())
                .setAttribute(SEQ, event.seq())
                .setAttribute(EVENT, event.name());
        event.verdict().ifPresent(verdict -> record.setAttribute(VERDICT, verdict));
        event.reason().ifPresent(reason -> record.setAttribute(REASON, reason));
        record.emit();
    }

    /** The data model maps the syslog severity Notice to INFO2. */
    private static Severity severity(MirroredEvent event) {
        return event.isLoss() ? Severity.WARN : event.isRefusal() ? Severity.INFO2 : Severity.INFO;
    }
}
