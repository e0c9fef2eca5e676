package io.konnectproxy.server.command;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.event.ByteCount;
import io.konnectproxy.trail.event.Ending;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.Printable;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.RecordedClient;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats the records of a trail as readable lines in columns. The texts of a {@link TrailEvent} are printable already.
 */
final class RecordLine {
    private static final int MILLISECONDS = "2026-11-22T18:00:00.123".length();

    /** The widest column. A longer client or target shifts the rest of its own line only. */
    private static final int WIDEST = 48;

    /** The most added and removed values of a changed setting. */
    private static final int SHOWN_VALUES = 5;

    private final boolean coloured;
    /** The columns grow with their contents, so that later lines stay aligned. */
    private int clientWidth = "255.255.255.255".length();

    private int targetWidth = "0646a7d680.us.cp0.konghq.com:443".length();

    RecordLine(boolean coloured) {
        this.coloured = coloured;
    }

    /** The colours of the verdicts, as codes of ECMA-48. */
    private enum Colour {
        GREEN("32"),
        RED("31"),
        YELLOW("33"),
        CYAN("36"),
        GREY("90");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /**
     * @param client the client of an ended tunnel, where its decision was seen
     */
    String of(EventReader.EventLine line, Optional<RecordedClient> client) {
        TrailEvent event = line.event();
        if (event instanceof Decision decision) {
            return decision(decision);
        } else if (event instanceof TrailEvent.Refusals refusals) {
            return line(event, "REFUSED", Colour.RED, client(whose(refusals)) + refusals(refusals));
        } else if (event instanceof TrailEvent.TunnelEnd end) {
            Colour colour = Ending.of(end.outcome()) == Ending.CLOSED ? Colour.GREY : Colour.RED;
            return line(
                    event,
                    "closed",
                    colour,
                    client(client.map(RecordLine::words).orElse("-")) + target(end.target()) + tunnel(end));
        } else if (event instanceof TrailEvent.Incident incident) {
            return line(event, line.word(), Colour.YELLOW, incident.words());
        } else if (event instanceof TrailEvent.Policy policy) {
            return line(event, line.word(), Colour.CYAN, configuration(policy));
        } else if (event instanceof TrailEvent.ReloadRefused refused) {
            return line(event, line.word(), Colour.RED, "the old configuration stays in force: " + refused.words());
        } else if (event instanceof TrailEvent.Checkpoint checkpoint) {
            return line(event, line.word(), Colour.GREY, "key " + checkpoint.key());
        } else if (event instanceof TrailEvent.NotStarted failure) {
            return line(event, line.word(), Colour.RED, "could not start: " + failure.reason());
        } else if (event instanceof TrailEvent.Start start) {
            return line(
                    event,
                    line.word(),
                    Colour.CYAN,
                    "version " + start.version().orElse("-")
                            + start.instance().map(name -> " on " + name).orElse(""));
        }
        return line(event, line.word(), Colour.CYAN, "");
    }

    private String decision(Decision decision) {
        String what = client(words(decision.client())) + target(asked(decision)) + decision.reason();
        if (decision.judgement() == Ruling.PERMITTED) {
            return line(decision, "PERMITTED", Colour.GREEN, what + rule(decision));
        }
        String let = decision.judgement() == Ruling.LET_THROUGH ? ", let through (mode: report-only)" : "";
        return line(decision, "REFUSED", Colour.RED, what + let + hint(decision.hint()));
    }

    /** {@code 10.0.0.7 (user dp-payments, entry payments, through 10.0.0.10)}. */
    private static String words(RecordedClient client) {
        String more = Stream.of(
                        words("user ", client.user()),
                        words("claimed user ", client.claimedUser()),
                        words("certificate ", client.certificate()),
                        words("entry ", client.entry()),
                        words("through ", client.peer()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return more.isEmpty() ? client.address() : client.address() + " (" + more + ")";
    }

    private static Optional<String> words(String what, Optional<String> name) {
        return name.map(present -> what + present);
    }

    private static String refusals(TrailEvent.Refusals refusals) {
        String reasons = refusals.reasons().entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        return refusals.count() + " summed up since " + Micros.text(refusals.first()) + ": " + reasons;
    }

    private static String whose(TrailEvent.Refusals refusals) {
        return refusals.client().orElse("too many clients to tell apart");
    }

    private String client(String text) {
        clientWidth = wider(clientWidth, text);
        return padded(text, clientWidth);
    }

    private String target(String text) {
        targetWidth = wider(targetWidth, text);
        return padded(text, targetWidth);
    }

    private static int wider(int width, String text) {
        int length = text.codePointCount(0, text.length());
        return length > WIDEST ? width : Math.max(width, length);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())) + 2);
    }

    private static String asked(Decision decision) {
        String target = decision.target().orElse("(asked for nothing)");
        return target.isEmpty() ? "(not recorded)" : target;
    }

    private static String rule(Decision decision) {
        String purpose = decision.place().purpose().orElse("");
        String region = decision.place().region().map(name -> " " + name).orElse("");
        return (purpose.isEmpty() ? "" : " (" + purpose + region + ")") + hint(decision.hint());
    }

    private static String tunnel(TrailEvent.TunnelEnd end) {
        return end.outcome() + ", " + ByteCount.text(end.bytesUp()) + " up, "
                + ByteCount.text(end.bytesDown())
                + " down, " + String.format(Locale.ROOT, "%.1f s", end.millis() / 1000.0)
                + end.hello().flatMap(RecordLine::handshake).orElse("")
                + end.via().map(RecordLine::via).orElse("") + hint(end.hint());
    }

    /** The failed handshake of an open tunnel; for other tunnels the outcome is enough. */
    private static Optional<String> handshake(TrailEvent.Hello hello) {
        return hello.brokenHandshake().map(how -> ", TLS handshake: " + how);
    }

    private static String via(TrailEvent.Via via) {
        return ", via " + via.parent()
                + via.status().map(status -> ", which said " + status).orElse("");
    }

    private static String configuration(TrailEvent.Policy policy) {
        return "of this " + policy.occasion() + ": mode " + setting(policy, "mode") + ", regions "
                + setting(policy, "regions")
                + (policy.changed().isEmpty()
                        ? ""
                        : "; changed: "
                                + policy.changed().stream()
                                        .map(RecordLine::change)
                                        .collect(Collectors.joining("; ")));
    }

    /** {@code regions +eu -us}. */
    private static String change(PolicySettings.Change change) {
        return Stream.of(Stream.of(change.key()), some("+", change.added()), some("-", change.removed()))
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }

    private static Stream<String> some(String sign, List<String> values) {
        Stream<String> more =
                values.size() > SHOWN_VALUES ? Stream.of(sign + (values.size() - SHOWN_VALUES) + " more") : Stream.of();
        return Stream.concat(values.stream().limit(SHOWN_VALUES).map(value -> sign + value), more);
    }

    private static String setting(TrailEvent.Policy policy, String key) {
        List<String> values = policy.values().getOrDefault(key, List.of());
        return values.isEmpty() ? "-" : String.join(", ", values);
    }

    private static String hint(Optional<String> hint) {
        return hint.map(words -> ": " + words).orElse("");
    }

    private String line(TrailEvent event, String word, Colour colour, String rest) {
        String when = Micros.text(event.time()).substring(0, MILLISECONDS) + "Z";
        String padded = String.format(Locale.ROOT, "%-13s", word);
        String shown = coloured ? "\u001b[" + colour.code + "m" + padded + "\u001b[0m" : padded;
        return (when + "  " + shown + "  " + rest).stripTrailing();
    }

    /** Shows a line that is not of the trail, so that it is noticed. */
    String unreadable(String text) {
        String cut = text.length() > 200 ? text.substring(0, 200) + "..." : text;
        return "(not a line of the trail)  " + Printable.of(cut);
    }
}
