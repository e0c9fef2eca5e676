package io.konnectproxy.server.demo;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * What {@link StandInDns} answers. Start with one of the static methods and refine it:
 * {@code StandInAnswer.of("127.0.0.1", "::1").lasting(Duration.ofSeconds(5)).after(signal)}.
 *
 * @param code the response code; empty for no response at all
 * @param addresses 4 or 16 bytes each; a question gets those that fit its type
 * @param alias a name that a CNAME record leads to first
 * @param onlyOverTcp over UDP the answer comes without records, marked as truncated
 * @param signal what the answer waits for
 */
public record StandInAnswer(
        Optional<DnsResponseCode> code,
        List<byte[]> addresses,
        Optional<String> alias,
        Duration timeToLive,
        boolean onlyOverTcp,
        CompletionStage<?> signal) {

    /** IPv4 and IPv6 addresses as text, which live for a minute; none at all is an answer without records. */
    public static StandInAnswer of(String... addresses) {
        return new StandInAnswer(
                Optional.of(DnsResponseCode.NOERROR),
                Stream.of(addresses).map(StandInAnswer::bytes).toList(),
                Optional.empty(),
                Duration.ofMinutes(1),
                false,
                CompletableFuture.completedFuture(null));
    }

    /** The name exists and has no address. */
    public static StandInAnswer empty() {
        return of();
    }

    public static StandInAnswer noSuchName() {
        return of().with(Optional.of(DnsResponseCode.NXDOMAIN));
    }

    /** The resolver itself is in trouble. */
    public static StandInAnswer serverFailure() {
        return of().with(Optional.of(DnsResponseCode.SERVFAIL));
    }

    public static StandInAnswer refused() {
        return of().with(Optional.of(DnsResponseCode.REFUSED));
    }

    /** No answer, ever. */
    public static StandInAnswer silence() {
        return of().with(Optional.empty());
    }

    /** The same, to be forgotten after that time. */
    public StandInAnswer lasting(Duration newTimeToLive) {
        return new StandInAnswer(code, addresses, alias, newTimeToLive, onlyOverTcp, signal);
    }

    /** The same, reached through a CNAME record. */
    public StandInAnswer viaAlias(String name) {
        return new StandInAnswer(code, addresses, Optional.of(name), timeToLive, onlyOverTcp, signal);
    }

    /** The same, too long for a datagram. */
    public StandInAnswer overTcp() {
        return new StandInAnswer(code, addresses, alias, timeToLive, true, signal);
    }

    /** The same, but not before the signal is there; a signal that fails is silence. */
    public StandInAnswer after(CompletionStage<?> newSignal) {
        return new StandInAnswer(code, addresses, alias, timeToLive, onlyOverTcp, newSignal);
    }

    private StandInAnswer with(Optional<DnsResponseCode> newCode) {
        return new StandInAnswer(newCode, addresses, alias, timeToLive, onlyOverTcp, signal);
    }

    private static byte[] bytes(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("no address: " + address);
        }
        return bytes;
    }
}
