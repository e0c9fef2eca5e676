package io.konnectproxy.server.live;

import io.konnectproxy.journal.ControlEscapes;
import io.konnectproxy.trail.event.Micros;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes records as JSON: a member for each component, so that the records are the form. All of it is printable ASCII on one line,
 * whatever the texts contain.
 */
final class RecordJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new ControlEscapes())
            .build();

    private RecordJson() {}

    /** Appends one object with the members of all these records. */
    static void append(ByteArrayOutputStream out, Record... records) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            for (Record each : records) {
                members(json, each);
            }
            json.writeEndObject();
        }
    }

    private static void members(JsonGenerator json, Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            json.writeName(component.getName());
            try {
                value(json, component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a component cannot be read: " + component, e);
            }
        }
    }

    private static void value(JsonGenerator json, @Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            value(json, optional.orElse(null));
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(tenths(number));
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Instant time) {
            json.writeString(Micros.text(Micros.of(time)));
        } else if (value instanceof Duration time) {
            json.writeNumber(tenths(time.toMillis() / 1000.0));
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            items.forEach(item -> value(json, item));
            json.writeEndArray();
        } else if (value instanceof Record record) {
            json.writeStartObject();
            members(json, record);
            json.writeEndObject();
        } else if (value == null) {
            json.writeNull();
        } else {
            throw new IllegalArgumentException("there is no form for " + value.getClass());
        }
    }

    private static double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }
}
