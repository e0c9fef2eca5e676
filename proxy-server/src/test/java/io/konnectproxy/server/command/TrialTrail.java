package io.konnectproxy.server.command;

import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.trail.TrailBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A trail of made-up clients, and what each of its requests came to. */
final class TrialTrail {
    private final TrailBuilder trail = new TrailBuilder().start().configuration("start");
    private final List<Asked> all = new ArrayList<>();
    private int ids;

    /**
     * A client.
     *
     * @param user empty for none
     * @param certificate empty for none
     */
    record Asker(String address, String user, String certificate) {
        static Asker at(String address) {
            return new Asker(address, "", "");
        }

        Asker user(String name) {
            return new Asker(address, name, certificate);
        }

        Asker certificate(String name) {
            return new Asker(address, user, name);
        }
    }

    /** How a request ended. */
    enum End {
        USED(true),
        LET_THROUGH(true),
        OPEN(true),
        REFUSED(false),
        FAILED(false),
        NO_BYTES(false),
        BROKEN_HANDSHAKE(false),
        LET_THROUGH_IN_VAIN(false);

        private final boolean justifies;

        End(boolean justifies) {
            this.justifies = justifies;
        }

        boolean justifies() {
            return justifies;
        }
    }

    record Asked(Asker by, String target, End end) {}

    List<Asked> all() {
        return all;
    }

    TrailBuilder lines() {
        return trail;
    }

    /** @param target {@code host:port} */
    TrialTrail ask(Asker by, String target, End end) {
        all.add(new Asked(by, target, end));
        String id = "id-" + ++ids;
        boolean refused = end == End.REFUSED;
        boolean let = end == End.LET_THROUGH || end == End.LET_THROUGH_IN_VAIN;
        trail.event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":" + client(by) + ",\"target\":"
                        + json(target) + ",\"verdict\":\"" + (refused || let ? "refused" : "permitted")
                        + "\",\"reason\":\"" + (refused || let ? reason(target) : "konnect_host") + "\",\"rule\":"
                        + (refused || let ? "null" : rule()) + ",\"enforced\":" + !let);
        if (refused || end == End.OPEN) {
            return this;
        }
        String outcome = end == End.FAILED ? "connect_timeout" : "client_closed";
        String handshake = end == End.BROKEN_HANDSHAKE ? "client_alert" : "completed";
        int down = end == End.FAILED || end == End.NO_BYTES || end == End.LET_THROUGH_IN_VAIN ? 0 : 9_000;
        trail.event(
                "tunnel",
                "\"id\":\"" + id + "\",\"listener\":\"127.0.0.1:3128\",\"client\":" + client(by) + ",\"target\":"
                        + json(target.toLowerCase(Locale.ROOT)) + ",\"rule\":" + (let ? "null" : rule())
                        + ",\"outcome\":\"" + outcome
                        + "\",\"upstream\":null,\"tls\":{\"sni\":null,\"alpn\":[],\"versions\":[\"TLSv1.3\"],"
                        + "\"ech\":false,\"resumes\":false,\"handshake\":\"" + handshake + "\"},\"bytes_up\":600,"
                        + "\"bytes_down\":" + down + ",\"dns_ms\":1,\"connect_ms\":2,\"duration_ms\":60000");
        return this;
    }

    private static String reason(String target) {
        ConnectTarget read = ConnectTarget.parse(target);
        if (read instanceof ConnectTarget.IpLiteral) {
            return "ip_literal";
        }
        if (read instanceof ConnectTarget.Malformed) {
            return "malformed_request";
        }
        return target.endsWith(".konghq.com:443") ? "region_not_enabled" : "host_not_konnect";
    }

    private static String rule() {
        return "{\"purpose\":\"api\",\"region\":null,\"pattern\":\"p\",\"control_plane\":null}";
    }

    private static String client(Asker by) {
        return "{\"address\":" + json(by.address()) + ",\"port\":51234,\"user\":"
                + (by.user().isEmpty() ? "null" : json(by.user()))
                + (by.certificate().isEmpty() ? "" : ",\"certificate\":" + json(by.certificate())) + "}";
    }

    /** Writes it, a day later, so that what is open is in use. */
    Path writeTo(Path file) {
        trail.later(Duration.ofDays(1)).stop();
        return trail.writeTo(file);
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            json.append(
                    c >= ' ' && c <= '~' && c != '"' && c != '\\'
                            ? String.valueOf(c)
                            : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return json.append('"').toString();
    }
}
