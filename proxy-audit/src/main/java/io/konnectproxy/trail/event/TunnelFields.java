package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.trail.event.TrailEvent.Dialled;
import io.konnectproxy.trail.event.TrailEvent.Hello;
import io.konnectproxy.trail.event.TrailEvent.Via;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code tunnel}. */
final class TunnelFields implements EventFields {
    private static final long HIGHEST_STATUS = 999;

    /** As nanoseconds, in which some receivers count, it still is a number of 64 bits. */
    private static final long LONGEST_MILLIS = Long.MAX_VALUE / 1_000_000;

    private final Members members;
    private final ClientFields client;
    private final RuleFields rule;
    private boolean repeatsClient;
    private @Nullable String id;
    private Optional<String> listener = Optional.empty();
    private @Nullable String target;
    private @Nullable String outcome;
    private @Nullable Long bytesUp;
    private @Nullable Long bytesDown;
    private Optional<Long> dnsMillis = Optional.empty();
    private Optional<Long> connectMillis = Optional.empty();
    private @Nullable Long millis;
    private Optional<String> serverName = Optional.empty();
    private String alpn = "";
    private @Nullable String versions;
    private boolean ech;
    private boolean resumes;
    private Optional<String> handshake = Optional.empty();
    private Optional<String> alert = Optional.empty();
    private @Nullable String address;
    private long port;
    private Optional<String> via = Optional.empty();
    private Optional<Long> status = Optional.empty();
    private Optional<String> hint = Optional.empty();

    TunnelFields(Members members) {
        this.members = members;
        this.client = new ClientFields("tunnel.client", members);
        this.rule = new RuleFields("tunnel.rule", members);
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "id" -> id = members.text();
            case "client" -> {
                repeatsClient = true;
                client.read();
            }
            case "rule" -> rule.read();
            case "target" -> target = members.text();
            case "outcome" -> outcome = members.text();
            case "tls" -> members.object("tunnel.tls", this::tls);
            case "bytes_up" -> bytesUp = members.count();
            case "bytes_down" -> bytesDown = members.count();
            case "duration_ms" -> millis = members.count(LONGEST_MILLIS);
            case "upstream" -> members.object("tunnel.upstream", this::upstream);
            case "hint" -> hint = members.optionalText();
            case "listener" -> listener = members.optionalText();
            case "dns_ms" -> dnsMillis = members.optionalCount();
            case "connect_ms" -> connectMillis = members.optionalCount();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean tls(String name) throws UnreadableLineException {
        switch (name) {
            case "versions" -> versions = Printable.of(String.join(", ", members.texts()));
            case "ech" -> ech = members.flag();
            case "resumes" -> resumes = members.flag();
            case "handshake" -> handshake = Optional.of(members.text());
            case "alert" -> alert = Optional.of(members.text());
            case "sni" -> serverName = members.optionalText();
            case "alpn" -> alpn = Printable.of(String.join(", ", members.texts()));
            case "truncated" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean upstream(String name) throws UnreadableLineException {
        switch (name) {
            case "via" -> via = members.optionalText();
            case "status" -> status = Optional.of(members.count(HIGHEST_STATUS));
            case "address" -> address = members.text();
            case "port" -> port = members.port();
            case "asked" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        return new TrailEvent.TunnelEnd(
                time,
                required(id, "id"),
                listener,
                repeatsClient ? Optional.of(client.client()) : Optional.empty(),
                rule.place(required(target, "target")),
                rule.name(),
                required(target, "target"),
                required(outcome, "outcome"),
                Optional.ofNullable(address).map(dialled -> new Dialled(dialled, port)),
                via.map(parent -> new Via(parent, status)),
                versions == null
                        ? Optional.empty()
                        : Optional.of(new Hello(serverName, alpn, versions, ech, resumes, handshake, alert)),
                required(bytesUp, "bytes_up"),
                required(bytesDown, "bytes_down"),
                dnsMillis,
                connectMillis,
                required(millis, "duration_ms"),
                hint);
    }
}
