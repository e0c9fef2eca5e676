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
 * Converts lines to log records of OpenTelemetry's data model: the line, in the form of the receiver, is the body, and the fields for filters are
 * attributes.
 */
final class OtlpRecords {
    private static final String PREFIX = "konnect_proxy.";
    private static final AttributeKey<String> TRAIL = AttributeKey.stringKey(PREFIX + "trail");
    private static final AttributeKey<Long> SEQ = AttributeKey.longKey(PREFIX + "seq");
    private static final AttributeKey<String> EVENT = AttributeKey.stringKey(PREFIX + "event");
    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey(PREFIX + "verdict");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey(PREFIX + "reason");

    /**
     * Names of OpenTelemetry's semantic conventions. The name of an event is a field of the record in newer ones, and this
     * attribute for receivers that do not know the field.
     */
    private static final AttributeKey<String> EVENT_NAME = AttributeKey.stringKey("event.name");

    private static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");

    private static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> USER_NAME = AttributeKey.stringKey("user.name");

    private final List<LogRecordData> made = new ArrayList<>();
    private final Logger logger;

    private final LineBody body;

    OtlpRecords(LineBody body) {
        this.body = body;
        this.logger = SdkLoggerProvider.builder()
                .setResource(resource(body.instance()))
                .addLogRecordProcessor((context, record) -> made.add(record.toLogRecordData()))
                .build()
                .get("io.konnectproxy.audit");
    }

    /** The conventions allow a host any name that its user gives it. */
    private static Resource resource(String instance) {
        AttributesBuilder attributes = Attributes.builder()
                .put("service.name", "konnect-proxy")
                .put("service.instance.id", instance)
                .put("host.name", instance);
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
                .setBody(body.of(line, event))
                .setAttribute(SEQ, event.seq())
                .setAttribute(EVENT, event.name())
                .setAttribute(EVENT_NAME, PREFIX + event.name());
        event.trail().ifPresent(trail -> record.setAttribute(TRAIL, trail));
        event.clientAddress().ifPresent(address -> record.setAttribute(CLIENT_ADDRESS, address));
        event.user().ifPresent(user -> record.setAttribute(USER_NAME, user));
        event.server()
                .ifPresent(server ->
                        record.setAttribute(SERVER_ADDRESS, server.host()).setAttribute(SERVER_PORT, server.port()));
        event.verdict().ifPresent(verdict -> record.setAttribute(VERDICT, verdict));
        event.reason().ifPresent(reason -> record.setAttribute(REASON, reason));
        record.emit();
    }

    /** The data model maps the syslog severity Notice to INFO2. */
    private static Severity severity(MirroredEvent event) {
        return event.isLoss() ? Severity.WARN : event.isRefusal() ? Severity.INFO2 : Severity.INFO;
    }
}
