package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.trail.event.TrailEvent.ExactNames;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of {@code client}, in a {@code decision} and in a {@code tunnel}. */
final class ClientFields {
    private final Members members;
    private final String owner;
    private @Nullable String address;
    private Optional<Long> port = Optional.empty();
    private Optional<String> user = Optional.empty();
    private Optional<String> claimedUser = Optional.empty();
    private Optional<String> certificate = Optional.empty();
    private Optional<String> entry = Optional.empty();
    private Optional<String> peer = Optional.empty();
    private Optional<String> exactUser = Optional.empty();
    private Optional<String> exactCertificate = Optional.empty();

    /** @param owner the path of the object, {@code decision.client} */
    ClientFields(String owner, Members members) {
        this.owner = owner;
        this.members = members;
    }

    void read() throws UnreadableLineException {
        members.object(owner, this::take);
    }

    private boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "address" -> address = members.text();
            case "user" -> {
                exactUser = members.optionalExactText();
                user = exactUser.map(Printable::of);
            }
            case "claimed_user" -> claimedUser = members.optionalText();
            case "certificate" -> {
                exactCertificate = members.optionalExactText();
                certificate = exactCertificate.map(Printable::of);
            }
            case "entry" -> entry = members.optionalText();
            case "peer" -> members.object(owner + ".peer", this::peer);
            case "port" -> port = Optional.of(members.port());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean peer(String name) throws UnreadableLineException {
        switch (name) {
            case "address" -> peer = members.optionalText();
            case "port" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    RecordedClient client() throws UnreadableLineException {
        return new RecordedClient(
                required(address, "client.address"),
                port,
                user,
                claimedUser,
                certificate,
                entry,
                peer,
                new ExactNames(exactUser, exactCertificate));
    }
}
