package io.konnectproxy.server.dataplane;

import io.konnectproxy.audit.CutText;
import io.konnectproxy.policy.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client and a service of a control plane, over time. Times are nanoseconds since the start. Used within the lock of {@link DataPlanes}. */
final class Attachment {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long SHORT = TimeUnit.MINUTES.toNanos(10);
    /** How often in ten minutes is again and again. A data plane of Kong comes back six to twelve times a minute. */
    static final int OFTEN = 5;

    final AttachmentKey key;
    /** Where it has its place, and since when it is idle there. */
    @Nullable
    AttachmentPlaces places;

    long idleSince;

    /** The address within its network that was seen last. */
    private InetAddress address;

    private int tunnels;
    /** Whether it had a tunnel for over a minute. */
    private boolean proven;

    private boolean hadTunnel;
    private long connected;
    private long gone;
    private @Nullable LastTenMinutes ends;
    private @Nullable LastTenMinutes refusals;
    private long refusedInAll;
    private @Nullable Refusal reason;
    /** The hint of the last refusal's line; null if it has none. */
    private @Nullable String hint;
    /** Bits of the troubles that were reported, and of those that the configuration's report covered. */
    private int reported;

    private int covered;

    Attachment(AttachmentKey key) {
        this.key = key;
        this.address = key.network();
    }

    boolean isConnected() {
        return tunnels > 0;
    }

    boolean isProven() {
        return proven;
    }

    void opened(InetAddress from, long now) {
        address = from;
        if (tunnels++ == 0) {
            connected = now;
            hadTunnel = true;
        }
    }

    /** A tunnel ended that was opened at this time. */
    void ended(long opened, long now) {
        prove(now);
        if (--tunnels == 0) {
            gone = now;
        }
        if (now - opened < SHORT) {
            ends = ends == null ? new LastTenMinutes() : ends;
            ends.add(now);
        }
    }

    void refused(InetAddress from, Refusal refusal, Optional<String> hint, long now) {
        address = from;
        refusals = refusals == null ? new LastTenMinutes() : refusals;
        refusals.add(now);
        refusedInAll++;
        reason = refusal;
        this.hint = hint.map(CutText::of).orElse(null);
    }

    /** Notices that it has had a tunnel for over a minute. */
    void prove(long now) {
        proven |= tunnels > 0 && now - connected > MINUTE;
    }

    boolean isIn(Trouble trouble, long now) {
        return switch (trouble) {
            case LOST -> proven && tunnels == 0 && now - gone > MINUTE;
            case REFUSED -> sum(refusals, now) >= OFTEN;
            case FLAPPING -> sum(ends, now) >= OFTEN;
        };
    }

    private static int sum(@Nullable LastTenMinutes counted, long now) {
        return counted == null ? 0 : counted.sum(now);
    }

    boolean isReported(Trouble trouble) {
        return (reported & trouble.bit()) != 0;
    }

    boolean isCovered(Trouble trouble) {
        return (covered & trouble.bit()) != 0;
    }

    void begun(Trouble trouble, boolean byConfiguration) {
        reported |= trouble.bit();
        if (byConfiguration) {
            covered |= trouble.bit();
        }
    }

    void over(Trouble trouble) {
        reported &= ~trouble.bit();
        covered &= ~trouble.bit();
    }

    DataPlaneState state(long now) {
        Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
        for (Trouble trouble : Trouble.values()) {
            if (isIn(trouble, now)) {
                troubles.add(trouble);
            }
        }
        boolean isGone = hadTunnel && tunnels == 0;
        return new DataPlaneState(
                key.network(),
                address,
                Optional.ofNullable(key.name()),
                Optional.ofNullable(key.controlPlane()),
                Optional.ofNullable(key.region()),
                key.telemetry(),
                Collections.unmodifiableSet(troubles),
                tunnels,
                tunnels > 0 ? Optional.of(Duration.ofNanos(now - connected)) : Optional.empty(),
                isGone ? Optional.of(Duration.ofNanos(now - gone)) : Optional.empty(),
                isGone ? Optional.of(Duration.ofNanos(gone - connected)) : Optional.empty(),
                sum(ends, now),
                sum(refusals, now),
                refusedInAll,
                Optional.ofNullable(reason),
                Optional.ofNullable(hint).or(() -> Optional.ofNullable(reason).map(Refusal::remedy)));
    }
}
