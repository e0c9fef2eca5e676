package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import java.util.HashMap;
import java.util.Map;

/** The fields of {@code gap}, {@code torn}, {@code removed}, {@code mirror} and {@code clock}, the events about the trail itself. */
final class LossFields implements EventFields {
    private final String event;
    private final Members members;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();

    LossFields(String event, Members members) {
        this.event = event;
        this.members = members;
    }

    static boolean knows(String event) {
        return switch (event) {
            case "gap", "torn", "removed", "mirror", "clock" -> true;
            default -> false;
        };
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "reason", "kept_as", "mirror", "file", "on_failure", "occasion" -> texts.put(name, members.text());
            case "lost", "missed", "bytes" -> numbers.put(name, members.count());
            case "from", "until", "expected", "counted" -> numbers.put(name, members.time());
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        return switch (event) {
            case "gap" ->
                new TrailEvent.Gap(
                        time,
                        number("lost"),
                        number("from"),
                        number("until"),
                        text("reason"),
                        text("on_failure").equals("continue"));
            case "removed" -> new TrailEvent.Removed(time, text("file"), text("reason"));
            case "clock" -> new TrailEvent.ClockJump(time, text("occasion"), number("expected"), number("counted"));
            case "torn" -> new TrailEvent.Torn(time, text("kept_as"), number("bytes"), text("reason"));
            default ->
                new TrailEvent.MirrorLoss(
                        time, text("mirror"), number("missed"), number("from"), number("until"), text("reason"));
        };
    }

    private String text(String name) throws UnreadableLineException {
        return required(texts.get(name), name);
    }

    private long number(String name) throws UnreadableLineException {
        return required(numbers.get(name), name);
    }
}
