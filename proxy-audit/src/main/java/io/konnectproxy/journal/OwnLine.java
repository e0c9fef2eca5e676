package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.CutText;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.LineForm;
import io.konnectproxy.trail.LineHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Writes the lines about the proxy and the trail themselves, as opposed to those about requests. Thread-safe. */
final class OwnLine {
    private static final int MOST_PROBLEMS = 20;

    private OwnLine() {}

    /** Writes the event and its fields. */
    static void write(JsonGenerator json, AuditRecord record) {
        if (record instanceof AuditRecord.Start start) {
            json.writeStringProperty("event", "start");
            json.writeStringProperty("version", start.version());
            json.writeStringProperty("instance", start.instance());
        } else if (record instanceof AuditRecord.Lifecycle lifecycle) {
            json.writeStringProperty("event", word(lifecycle.phase()));
        } else if (record instanceof AuditRecord.NotStarted failure) {
            json.writeStringProperty("event", word(AuditRecord.Lifecycle.Phase.STOP));
            json.writeStringProperty("reason", CutText.of(failure.reason()));
        } else if (record instanceof AuditRecord.Configured configured) {
            configured(json, configured);
        } else if (record instanceof AuditRecord.ReloadRefused refused) {
            reloadRefused(json, refused);
        } else if (record instanceof AuditRecord.Gap gap) {
            gap(json, gap);
        } else if (record instanceof AuditRecord.SetAside setAside) {
            json.writeStringProperty("event", "torn");
            json.writeStringProperty("kept_as", setAside.keptAs());
            json.writeNumberProperty("bytes", setAside.bytes());
            json.writeStringProperty("reason", setAside.reason());
        } else if (record instanceof AuditRecord.Removed removed) {
            json.writeStringProperty("event", "removed");
            json.writeStringProperty("file", removed.file());
            json.writeStringProperty("reason", removed.reason());
        } else if (record instanceof AuditRecord.Unmirrored unmirrored) {
            unmirrored(json, unmirrored);
        } else if (record instanceof AuditRecord.Clock clock) {
            json.writeStringProperty("event", LineForm.CLOCK);
            json.writeStringProperty("occasion", word(clock.occasion()));
            json.writeStringProperty("expected", AuditLine.text(clock.expected()));
            json.writeStringProperty("counted", AuditLine.text(clock.counted()));
        } else if (record instanceof AuditRecord.Checkpoint checkpoint) {
            json.writeStringProperty("event", LineForm.CHECKPOINT);
            json.writeStringProperty("key", checkpoint.key());
        } else {
            throw new IllegalArgumentException(
                    "no line for " + record.getClass().getSimpleName());
        }
    }

    /** A file that is wrong throughout has a problem for each of its lines, so their number is limited. */
    private static void reloadRefused(JsonGenerator json, AuditRecord.ReloadRefused refused) {
        List<String> problems = refused.problems();
        List<String> first = problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()));
        json.writeStringProperty("event", "reload_refused");
        json.writeName("problems");
        texts(json, first.stream().map(CutText::of).toList());
        if (problems.size() > first.size()) {
            json.writeNumberProperty("omitted", problems.size() - first.size());
        }
    }

    private static void gap(JsonGenerator json, AuditRecord.Gap gap) {
        json.writeStringProperty("event", "gap");
        json.writeNumberProperty("lost", gap.lost());
        json.writeStringProperty("from", AuditLine.text(gap.from()));
        json.writeStringProperty("until", AuditLine.text(gap.until()));
        json.writeStringProperty("reason", CutText.of(gap.reason()));
        json.writeStringProperty("on_failure", gap.served() ? "continue" : "refuse");
    }

    private static void unmirrored(JsonGenerator json, AuditRecord.Unmirrored unmirrored) {
        json.writeStringProperty("event", "mirror");
        json.writeStringProperty("mirror", CutText.of(unmirrored.mirror()));
        json.writeNumberProperty("missed", unmirrored.missed());
        json.writeStringProperty("from", AuditLine.text(unmirrored.from()));
        json.writeStringProperty("until", AuditLine.text(unmirrored.until()));
        json.writeStringProperty("reason", CutText.of(unmirrored.reason()));
    }

    private static void configured(JsonGenerator json, AuditRecord.Configured configured) {
        byte[] policy = policy(configured.policy());
        json.writeStringProperty("event", LineForm.CONFIGURATION);
        json.writeStringProperty("occasion", word(configured.occasion()));
        json.writeStringProperty("instance", configured.instance());
        json.writeStringProperty("configuration_digest", configured.digest());
        json.writeStringProperty("digest", new LineHash().of(policy, 0, policy.length));
        json.writeName("policy");
        json.writeRawValue(new String(policy, StandardCharsets.US_ASCII));
        json.writeName("changed");
        changes(json, configured.changes());
    }

    /** Encoded separately, because the digest is over exactly the bytes in the line. */
    private static byte[] policy(PolicySettings policy) {
        LineBuffer text = new LineBuffer();
        try (JsonGenerator json = AuditLine.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            policy.settings().forEach((key, values) -> {
                json.writeName(key);
                texts(json, values);
            });
            json.writeEndObject();
        }
        return text.text(0, text.size()).getBytes(StandardCharsets.US_ASCII);
    }

    private static void changes(JsonGenerator json, Optional<List<PolicySettings.Change>> changes) {
        if (changes.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartArray();
        for (PolicySettings.Change change : changes.get()) {
            json.writeStartObject();
            json.writeStringProperty("key", change.key());
            json.writeName("added");
            texts(json, change.added());
            json.writeName("removed");
            texts(json, change.removed());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, List<String> texts) {
        json.writeStartArray();
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
