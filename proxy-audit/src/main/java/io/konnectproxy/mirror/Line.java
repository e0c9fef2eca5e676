package io.konnectproxy.mirror;

import java.util.Optional;

/**
 * A line of the trail on its way. What is asked of it is looked up by the fixed places and names of its form: a quote inside
 * a value is always escaped, so that {@code ,"name":"} can only be a name.
 *
 * @param text printable ASCII without a line feed
 */
record Line(String text) {
    private static final String TIME = ",\"time\":\"";
    private static final String EVENT = "\",\"event\":\"";
    private static final String SUM = "refusals";
    private static final int TIME_LENGTH = 27;
    /** An object, its text's header and its place in a queue. */
    private static final int OVERHEAD = 64;

    /** Bytes that it takes up while it waits. */
    int cost() {
        return text.length() + OVERHEAD;
    }

    long seq() {
        int start = text.indexOf("\"seq\":") + 6;
        return Long.parseLong(text, start, text.indexOf(',', start), 10);
    }

    /** UTC with six decimals, in the form of RFC 3339. */
    String time() {
        int start = text.indexOf(TIME) + TIME.length();
        return text.substring(start, start + TIME_LENGTH);
    }

    String event() {
        int start = text.indexOf(EVENT) + EVENT.length();
        return text.substring(start, text.indexOf('"', start));
    }

    boolean isEvent(String event) {
        return text.startsWith(event + '"', text.indexOf(EVENT) + EVENT.length());
    }

    /** Also of refusals that are summed up, so that who asks for what was refused gets those too. */
    Optional<String> verdict() {
        return isEvent(SUM) ? Optional.of("refused") : field("verdict");
    }

    Optional<String> reason() {
        return field("reason");
    }

    /** Whether it is about refusals, one or many. */
    boolean isRefusal() {
        return text.contains(",\"verdict\":\"refused\"") || isEvent(SUM);
    }

    /** Whether it says that something is missing from the trail or from a mirror. */
    boolean isLoss() {
        return isEvent("gap") || isEvent("torn") || isEvent("mirror");
    }

    private Optional<String> field(String name) {
        String before = ",\"" + name + "\":\"";
        int found = text.indexOf(before);
        int start = found + before.length();
        // An escaped quote would end it early; the fields that are asked for are words or our own sentences.
        return found < 0 ? Optional.empty() : Optional.of(text.substring(start, text.indexOf('"', start)));
    }
}
