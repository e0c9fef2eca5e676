package io.konnectproxy.server.config;

import io.konnectproxy.policy.Refusal;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is expected to come of one request.
 *
 * @param place where it stands
 * @param connect what the client sends behind CONNECT, exactly
 * @param user whose password the client knows
 * @param certificate the names in the client's certificate
 * @param listener the index in {@code listen}; empty if the demands of listeners are not considered
 * @param expected empty if the request is to be permitted
 */
public record Expectation(
        SourceLocation place,
        String connect,
        Optional<String> user,
        Optional<InetAddress> client,
        List<String> certificate,
        OptionalInt listener,
        Optional<Refusal> expected) {
    /** What a request that is permitted is expected to be. */
    public static final String PERMITTED = "permitted";

    public Expectation {
        certificate = List.copyOf(certificate);
    }

    /** The target for people: printable, and without the userinfo of a URL. */
    public String shownConnect() {
        return Problems.shownTarget(connect);
    }
}
