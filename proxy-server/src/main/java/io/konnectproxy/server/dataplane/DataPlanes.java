package io.konnectproxy.server.dataplane;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.target.HostName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows data planes: clients, and the control planes to which they have tunnels or are refused them. It is told of tunnels
 * and refusals by the event loops, and looked at by one thread. Thread-safe; whoever tells it something waits for one step of
 * another caller at most.
 *
 * <p>There are two kinds of places. {@value #CONNECTED} are for those with a tunnel, and for those that had one for over a
 * minute, which only a permitted client can have. {@value #OTHERS} are for everybody else, so that nobody who is only refused
 * displaces anybody who was connected. The host of a refused request is kept only where it is a control plane's in the table
 * of Konnect hosts. All other refusals of a client are one attachment without a control plane.
 */
public final class DataPlanes {
    static final int CONNECTED = 8_000;
    /** Those behind one address; a thousand data planes, as each has two. */
    static final int CONNECTED_OF_CLIENT = 2_000;

    static final int OTHERS = 2_000;
    static final int OTHERS_OF_CLIENT = 20;

    private static final long LOST_KEPT = TimeUnit.HOURS.toNanos(24);
    /** Longer than refusals and ends count, so that the end of a trouble is seen. */
    private static final long OTHERS_KEPT = TimeUnit.MINUTES.toNanos(11);
    /** A data plane that is refused comes back within ten seconds. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

    private static final Trouble[] TROUBLES = Trouble.values();

    private final Function<HostName, Optional<KonnectMatch>> hosts;
    private final LongSupplier nanoTime;
    private final long started;
    private final DataPlaneLog log = new DataPlaneLog();
    private final Object lock = new Object();
    /** Changed within the lock; walked through without it. */
    private final ConcurrentHashMap<AttachmentKey, Attachment> attachments = new ConcurrentHashMap<>();

    private final AttachmentPlaces connected =
            new AttachmentPlaces(CONNECTED, CONNECTED_OF_CLIENT, 0, this::crowdedOut);
    private final AttachmentPlaces others = new AttachmentPlaces(OTHERS, OTHERS_OF_CLIENT, PATIENCE, this::crowdedOut);
    /** Open tunnels to each control plane's configuration: no more entries than there are open tunnels. */
    private final ConcurrentHashMap<String, Integer> tunnels = new ConcurrentHashMap<>();

    private long crowdedOut;
    private volatile boolean draining;
    private volatile DataPlaneFigures figures = new DataPlaneFigures(0, 0, 0, 0);

    /**
     * @param hosts the row of the table of Konnect hosts that a name matches
     * @param nanoTime nanoseconds from any origin
     */
    public DataPlanes(Function<HostName, Optional<KonnectMatch>> hosts, LongSupplier nanoTime) {
        this.hosts = hosts;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    private long now() {
        return nanoTime.getAsLong() - started;
    }

    /** An open tunnel, which is told once that it has ended. */
    public final class Followed {
        private final @Nullable Attachment attachment;
        private final @Nullable String controlPlane;
        private final long opened;
        private boolean ended;

        private Followed(@Nullable Attachment attachment, @Nullable String controlPlane, long opened) {
            this.attachment = attachment;
            this.controlPlane = controlPlane;
            this.opened = opened;
        }

        /** The tunnel has ended. Only the first call has an effect. */
        public void ended() {
            synchronized (lock) {
                if (ended) {
                    return;
                }
                ended = true;
                if (controlPlane != null) {
                    tunnels.computeIfPresent(controlPlane, (same, open) -> open == 1 ? null : open - 1);
                }
                if (attachment != null) {
                    DataPlanes.this.ended(attachment, opened);
                }
            }
        }
    }

    /** A tunnel of a client is established. Whatever is no control plane's host is not followed. */
    public Followed established(Client client, TunnelPermit permit) {
        Optional<KonnectMatch> match = permit.rule() instanceof KonnectRule rule
                ? Optional.of(rule.match()).filter(row -> row.controlPlane().isPresent())
                : controlPlane(permit.authority().host());
        if (match.isEmpty()) {
            return new Followed(null, null, 0);
        }
        AttachmentKey key = AttachmentKey.of(client, match);
        String configured = key.telemetry() ? null : key.controlPlane();
        if (configured != null) {
            tunnels.merge(configured, 1, Integer::sum);
        }
        synchronized (lock) {
            long now = now();
            Attachment attachment = attachments.get(key);
            if (attachment == null) {
                attachment = new Attachment(key);
            }
            if (!hasConnectedPlace(attachment, now)) {
                return new Followed(null, configured, now);
            }
            attachment.opened(client.address().getAddress(), now);
            return new Followed(attachment, configured, now);
        }
    }

    private boolean hasConnectedPlace(Attachment attachment, long now) {
        if (attachment.places == connected) {
            connected.busy(attachment);
            return true;
        }
        boolean known = attachment.places != null;
        forget(attachment);
        if (connected.enter(attachment, now)) {
            attachments.put(attachment.key, attachment);
            return true;
        }
        crowdedOut++;
        if (known) {
            takeUp(attachment, now);
        }
        return false;
    }

    private Optional<KonnectMatch> controlPlane(HostName host) {
        return hosts.apply(host).filter(match -> match.controlPlane().isPresent());
    }

    private void ended(Attachment attachment, long opened) {
        if (draining) {
            return;
        }
        long now = now();
        attachment.ended(opened, now);
        if (attachment.isConnected()) {
            return;
        }
        if (attachment.isProven()) {
            connected.idle(attachment, now);
        } else {
            forget(attachment);
            takeUp(attachment, now);
        }
    }

    /** Gives one a place among those that are not connected, where there is one. */
    private void takeUp(Attachment attachment, long now) {
        if (others.enter(attachment, now)) {
            others.idle(attachment, now);
            attachments.put(attachment.key, attachment);
        } else {
            crowdedOut++;
        }
    }

    /**
     * A request of a client was refused, or a permitted one came to nothing.
     *
     * @param host the host that it was for, if that was read
     * @param hint the hint of its audit line
     */
    public void refused(Client client, Optional<HostName> host, Refusal refusal, Optional<String> hint) {
        if (refusal == Refusal.DRAINING) {
            return;
        }
        AttachmentKey key = AttachmentKey.of(client, host.flatMap(this::controlPlane));
        synchronized (lock) {
            long now = now();
            Attachment attachment = attachments.get(key);
            if (attachment == null) {
                attachment = new Attachment(key);
                takeUp(attachment, now);
            } else if (attachment.places == others) {
                others.idle(attachment, now);
            }
            attachment.refused(client.address().getAddress(), refusal, hint, now);
        }
    }

    private void crowdedOut(Attachment attachment) {
        attachments.remove(attachment.key);
        crowdedOut++;
    }

    private void forget(Attachment attachment) {
        if (attachment.places != null) {
            attachment.places.leave(attachment);
            attachments.remove(attachment.key);
        }
    }

    /** The proxy is shutting down: tunnels that end from now on are not lost, and nothing is logged any more. */
    public void drain() {
        draining = true;
    }

    /**
     * Looks at all: counts them, logs which troubles began and which are over, and forgets whoever has been gone for long.
     * It is to be called every few seconds, by one thread.
     */
    public void look() {
        if (draining) {
            return;
        }
        Look look = new Look();
        for (Attachment attachment : attachments.values()) {
            synchronized (lock) {
                look.at(attachment, now());
            }
            look.say();
        }
        figures = look.figures();
        log.looked(now(), figures);
    }

    /** What begins or is over for one of them. */
    private record Turn(Trouble trouble, boolean begins, DataPlaneState state) {}

    /** One look at all. */
    private final class Look {
        private final List<Turn> turns = new ArrayList<>();
        private final Map<Trouble, Integer> troubled = new EnumMap<>(Trouble.class);
        private int isConnected;

        /** Within the lock. */
        void at(Attachment attachment, long now) {
            attachment.prove(now);
            if (isForgotten(attachment, now)) {
                forget(attachment);
                return;
            }
            // A data plane with cp and tp is one data plane.
            Attachment configuration =
                    attachment.key.telemetry() ? attachments.get(attachment.key.configuration()) : null;
            if (attachment.isConnected() && (configuration == null || !configuration.isConnected())) {
                isConnected++;
            }
            for (Trouble trouble : TROUBLES) {
                boolean covered = configuration != null && configuration.isIn(trouble, now);
                at(attachment, trouble, covered, now);
            }
        }

        private void at(Attachment attachment, Trouble trouble, boolean covered, long now) {
            boolean troubled = attachment.isIn(trouble, now);
            if (troubled && !covered) {
                this.troubled.merge(trouble, 1, Integer::sum);
            }
            if (troubled == attachment.isReported(trouble)) {
                return;
            }
            if (troubled ? !covered : !attachment.isCovered(trouble)) {
                turns.add(new Turn(trouble, troubled, attachment.state(now)));
            }
            if (troubled) {
                attachment.begun(trouble, covered);
            } else {
                attachment.over(trouble);
            }
        }

        /** Outside of the lock, because the log may block. */
        void say() {
            for (Turn turn : turns) {
                if (turn.begins()) {
                    log.begun(turn.trouble(), turn.state());
                } else {
                    log.over(turn.trouble(), turn.state());
                }
            }
            turns.clear();
        }

        DataPlaneFigures figures() {
            return new DataPlaneFigures(
                    isConnected,
                    troubled.getOrDefault(Trouble.LOST, 0),
                    troubled.getOrDefault(Trouble.FLAPPING, 0),
                    troubled.getOrDefault(Trouble.REFUSED, 0));
        }
    }

    private boolean isForgotten(Attachment attachment, long now) {
        return attachment.places == null
                || (!attachment.isConnected()
                        && now - attachment.idleSince >= (attachment.places == connected ? LOST_KEPT : OTHERS_KEPT));
    }

    /** The numbers of the last look. */
    public DataPlaneFigures figures() {
        return figures;
    }

    /**
     * Whether any client has a tunnel to a control plane's configuration (cp) now.
     *
     * @param controlPlane its label, {@code 0646a7d680}
     */
    public boolean isConnected(String controlPlane) {
        return tunnels.containsKey(controlPlane);
    }

    /** How things stand now. It takes time in proportion to all that are known. */
    public DataPlaneList list(int most) {
        List<DataPlaneState> states = new ArrayList<>();
        for (Attachment attachment : attachments.values()) {
            synchronized (lock) {
                states.add(attachment.state(now()));
            }
        }
        states.sort(DataPlaneState.WORST_FIRST);
        int shown = Math.min(most, states.size());
        synchronized (lock) {
            return new DataPlaneList(states.subList(0, shown), states.size() - shown, crowdedOut);
        }
    }

    /** The attachments that are kept now. */
    int size() {
        return attachments.size();
    }
}
