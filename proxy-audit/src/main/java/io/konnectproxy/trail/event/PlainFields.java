package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of an event that has hardly any, and of an unknown event. */
final class PlainFields implements EventFields {
    private final String event;
    private final Members members;
    private Optional<String> version = Optional.empty();
    private Optional<String> instance = Optional.empty();
    private Optional<String> reason = Optional.empty();
    private @Nullable List<String> problems;
    private long omitted;
    private @Nullable String key;

    PlainFields(String event, Members members) {
        this.event = event;
        this.members = members;
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        if (event.equals("start") && name.equals("version")) {
            version = Optional.of(members.text());
        } else if (event.equals("start") && name.equals("instance")) {
            instance = Optional.of(members.text());
        } else if (event.equals("reload_refused") && name.equals("problems")) {
            problems = members.texts().stream().map(Printable::of).toList();
        } else if (event.equals("reload_refused") && name.equals("omitted")) {
            omitted = members.count();
        } else if (event.equals("stop") && name.equals("reason")) {
            reason = Optional.of(members.text());
        } else if (event.equals("checkpoint") && name.equals("key")) {
            key = members.text();
        } else {
            // An unknown event is counted as one; its fields are not counted as unknown.
            return isUnfamiliar() && members.skip();
        }
        return true;
    }

    private boolean isUnfamiliar() {
        return switch (event) {
            case "start", "drain", "stop", "checkpoint", "reload_refused" -> false;
            default -> true;
        };
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        return switch (event) {
            case "start" -> new TrailEvent.Start(time, version, instance);
            case "reload_refused" -> new TrailEvent.ReloadRefused(time, required(problems, "problems"), omitted);
            case "drain" -> new TrailEvent.Drain(time);
            case "stop" ->
                reason.<TrailEvent>map(why -> new TrailEvent.NotStarted(time, why))
                        .orElseGet(() -> new TrailEvent.Stop(time));
            case "checkpoint" -> new TrailEvent.Checkpoint(time, required(key, "key"));
            default -> new TrailEvent.Unfamiliar(time, event);
        };
    }
}
