package io.konnectproxy.server.dataplane;

import io.konnectproxy.policy.Refusal;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's log of data planes. In a minute, {@value #LINES} lines name those for which a trouble begins or is over, of
 * each kind, and at most {@value #LINES_OF_CLIENT} of them one client. The others are summed up in one line at the end of the
 * minute. Used by the thread that looks.
 */
final class DataPlaneLog {
    static final int LINES = 20;
    static final int LINES_OF_CLIENT = 5;

    private static final Logger LOG = LoggerFactory.getLogger("data-planes");
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Map<Trouble, Kind> begun = kinds();
    private final Map<Trouble, Kind> over = kinds();
    private long minute;

    /** The lines of a kind in this minute. */
    private static final class Kind {
        private final Map<InetAddress, Integer> ofClients = new HashMap<>();
        private int lines;
        private int unnamed;

        boolean isNamed(InetAddress client) {
            int own = ofClients.getOrDefault(client, 0);
            if (lines >= LINES || own >= LINES_OF_CLIENT) {
                unnamed++;
                return false;
            }
            ofClients.put(client, own + 1);
            lines++;
            return true;
        }

        void endMinute() {
            ofClients.clear();
            lines = 0;
            unnamed = 0;
        }
    }

    private static Map<Trouble, Kind> kinds() {
        Map<Trouble, Kind> kinds = new EnumMap<>(Trouble.class);
        for (Trouble trouble : Trouble.values()) {
            kinds.put(trouble, new Kind());
        }
        return kinds;
    }

    void begun(Trouble trouble, DataPlaneState state) {
        if (!begun.get(trouble).isNamed(state.network())) {
            return;
        }
        switch (trouble) {
            case LOST ->
                LOG.warn(
                        "Lost: {} has had no tunnel to {} for {}, after {} with one. Unless it was stopped, look at its own log"
                                + " and at the network between it and this proxy; 'audit tail --client {}' shows how its"
                                + " tunnels ended and what it was refused",
                        state.client(),
                        state.service(),
                        words(state.goneFor().orElse(Duration.ZERO)),
                        words(state.before().orElse(Duration.ZERO)),
                        audited(state));
            case REFUSED ->
                LOG.warn(
                        "Refused again and again: {}, {}, {} times in the last ten minutes, the last time with {}",
                        state.client(),
                        state.service(),
                        state.refused(),
                        state.reason().map(DataPlaneLog::words).orElse("no reason"));
            case FLAPPING ->
                LOG.warn(
                        "Comes and goes: {}, {}, {} short tunnels ended in the last ten minutes. Look at its own log, and at"
                                + " the outcomes and alerts in 'audit tail --client {}'",
                        state.client(),
                        state.service(),
                        state.ended(),
                        audited(state));
        }
    }

    void over(Trouble trouble, DataPlaneState state) {
        if (!over.get(trouble).isNamed(state.network())) {
            return;
        }
        switch (trouble) {
            case LOST -> LOG.info("Back: {} has a tunnel to {} again", state.client(), state.service());
            case REFUSED -> LOG.info("No longer refused again and again: {}, {}", state.client(), state.service());
            case FLAPPING -> LOG.info("No longer comes and goes: {}, {}", state.client(), state.service());
        }
    }

    /** The trail has addresses, not networks. */
    private static String audited(DataPlaneState state) {
        return NetUtil.toAddressString(state.lastAddress());
    }

    private static String words(Refusal refusal) {
        return refusal.token() + ": " + refusal.sentence() + ". " + refusal.remedy();
    }

    /** In the largest unit of which there are two. */
    private static String words(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " days";
        }
        if (time.toMinutes() >= 120) {
            return time.toHours() + " hours";
        }
        return time.toSeconds() >= 120 ? time.toMinutes() + " minutes" : time.toSeconds() + " s";
    }

    /** Ends a minute that is over. */
    void looked(long now, DataPlaneFigures figures) {
        if (now - minute < MINUTE) {
            return;
        }
        minute = now;
        List<String> unnamed = new ArrayList<>();
        add(unnamed, begun, Trouble.LOST, "lost");
        add(unnamed, over, Trouble.LOST, "back");
        add(unnamed, begun, Trouble.REFUSED, "refused again and again");
        add(unnamed, over, Trouble.REFUSED, "no longer so");
        add(unnamed, begun, Trouble.FLAPPING, "coming and going");
        add(unnamed, over, Trouble.FLAPPING, "no longer so");
        begun.values().forEach(Kind::endMinute);
        over.values().forEach(Kind::endMinute);
        if (!unnamed.isEmpty()) {
            LOG.warn(
                    "More data planes in the last minute than are named: {}. Now {} are connected, {} lost, {} refused again and"
                            + " again, and {} come and go. Where many change at once, look at this proxy's network, at DNS and"
                            + " at Konnect first",
                    String.join(", ", unnamed),
                    figures.connected(),
                    figures.lost(),
                    figures.refused(),
                    figures.flapping());
        }
    }

    private static void add(List<String> words, Map<Trouble, Kind> kinds, Trouble trouble, String word) {
        int unnamed = kinds.get(trouble).unnamed;
        if (unnamed > 0) {
            words.add(unnamed + " " + word);
        }
    }
}
