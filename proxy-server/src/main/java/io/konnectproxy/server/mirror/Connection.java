package io.konnectproxy.server.mirror;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection to a syslog receiver, and the last lines that were written to it. One thread, but for the marking. */
final class Connection {
    /** Bytes of lines that are remembered: more than the operating system holds of what the receiver's has not got. */
    static final int RECENT_BYTES = 256 << 10;

    private static final AttributeKey<Boolean> BROKEN = AttributeKey.valueOf(Connection.class, "broken");

    private final Channel channel;
    private final Deque<Line> recent = new ArrayDeque<>();
    private int recentBytes;
    /** Written to the connection before, which broke. */
    private List<Line> unsure;

    Connection(Channel channel, @Nullable Connection before) {
        this.channel = channel;
        this.unsure = before != null && before.isBroken() ? before.uncertain() : List.of();
    }

    /** Notes that it did not end in order. Any thread. */
    static void markBroken(Channel channel) {
        channel.attr(BROKEN).set(true);
    }

    Channel channel() {
        return channel;
    }

    /** What is to be written for these lines to arrive, and those that may not have. */
    List<Line> remember(List<Line> lines) {
        // A batch that is tried again stands among what is unsure already.
        Set<Line> all = new LinkedHashSet<>(unsure);
        all.addAll(lines);
        unsure = List.of();
        all.forEach(this::remember);
        return List.copyOf(all);
    }

    private void remember(Line line) {
        recent.addLast(line);
        recentBytes += line.text().length();
        while (recentBytes > RECENT_BYTES) {
            recentBytes -= recent.removeFirst().text().length();
        }
    }

    /** Ends it without waiting for what is still to be written. */
    void giveUp() {
        markBroken(channel);
        channel.close();
    }

    private boolean isBroken() {
        return channel.hasAttr(BROKEN) && channel.attr(BROKEN).get();
    }

    private List<Line> uncertain() {
        return List.copyOf(recent);
    }
}
