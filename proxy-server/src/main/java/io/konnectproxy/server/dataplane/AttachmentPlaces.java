package io.konnectproxy.server.dataplane;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of places, with a share for each client network. An attachment without a tunnel is idle. Only an idle one
 * loses its place: at its share, the client loses its own that has been idle longest; where no place is free, the client with
 * most idle ones does. That takes logarithmic time. Used within the lock of {@link DataPlanes}.
 */
final class AttachmentPlaces {
    private final int most;
    private final int share;
    private final long patience;
    private final Consumer<Attachment> forget;
    private final Map<InetAddress, Owner> owners = new HashMap<>();
    /** Those with an idle attachment, the one that loses its next place first. */
    private final TreeSet<Owner> idle = new TreeSet<>(Comparator.comparingInt(Owner::idleOnes)
            .reversed()
            .thenComparingLong(Owner::idleSince)
            .thenComparingLong(owner -> owner.serial));

    private long serials;
    private int size;

    /**
     * @param patience how long one that is its client's only idle one is left its place at least, in nanoseconds
     * @param forget gets those that lose their place
     */
    AttachmentPlaces(int most, int share, long patience, Consumer<Attachment> forget) {
        this.most = most;
        this.share = share;
        this.patience = patience;
        this.forget = forget;
    }

    private static final class Owner {
        private final InetAddress network;
        private final long serial;
        private int all;
        /** The one that has been idle longest first. */
        private final Set<Attachment> idle = new LinkedHashSet<>(2);

        Owner(InetAddress network, long serial) {
            this.network = network;
            this.serial = serial;
        }

        int idleOnes() {
            return idle.size();
        }

        Attachment oldest() {
            return idle.iterator().next();
        }

        long idleSince() {
            return oldest().idleSince;
        }
    }

    /**
     * Gives an attachment a place, in which it is not idle.
     *
     * @return false where there is none
     */
    boolean enter(Attachment attachment, long now) {
        Owner owner = owners.get(attachment.key.network());
        if (!hasRoom(owner, now)) {
            return false;
        }
        owner = owners.computeIfAbsent(attachment.key.network(), network -> new Owner(network, serials++));
        owner.all++;
        size++;
        attachment.places = this;
        return true;
    }

    private boolean hasRoom(@Nullable Owner owner, long now) {
        if (owner != null && owner.all >= share) {
            return !owner.idle.isEmpty() && lose(owner);
        }
        if (size < most) {
            return true;
        }
        if (idle.isEmpty()) {
            return false;
        }
        Owner greatest = idle.first();
        boolean onlyOne = greatest.idleOnes() == 1;
        return (!onlyOne || now - greatest.idleSince() >= patience) && lose(greatest);
    }

    private boolean lose(Owner owner) {
        Attachment oldest = owner.oldest();
        leave(oldest);
        forget.accept(oldest);
        return true;
    }

    /** It has no tunnel, or none any more; one that is idle already is so anew. */
    void idle(Attachment attachment, long now) {
        changed(attachment, () -> {
            Owner owner = owner(attachment);
            owner.idle.remove(attachment);
            attachment.idleSince = now;
            owner.idle.add(attachment);
        });
    }

    /** It has a tunnel. */
    void busy(Attachment attachment) {
        changed(attachment, () -> owner(attachment).idle.remove(attachment));
    }

    void leave(Attachment attachment) {
        busy(attachment);
        Owner owner = owner(attachment);
        size--;
        if (--owner.all == 0) {
            owners.remove(owner.network);
        }
        attachment.places = null;
    }

    /** What orders an owner changes only while it is not in the set. */
    private void changed(Attachment attachment, Runnable change) {
        Owner owner = owner(attachment);
        if (!owner.idle.isEmpty()) {
            idle.remove(owner);
        }
        change.run();
        if (!owner.idle.isEmpty()) {
            idle.add(owner);
        }
    }

    private Owner owner(Attachment attachment) {
        return Objects.requireNonNull(owners.get(attachment.key.network()));
    }

    int size() {
        return size;
    }
}
