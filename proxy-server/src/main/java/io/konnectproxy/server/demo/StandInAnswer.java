package io.konnectproxy.server.demo;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * An answer of {@link StandInDns}.
 *
 * @param signal the answer is sent when this completes; if it fails or never completes, none is sent
 */
public record StandInAnswer(RecordWriter records, CompletionStage<?> signal) {
    private static final int SECONDS_TO_LIVE = 60;

    /** Adds records to a response that has the question already. */
    public interface RecordWriter {
        void writeTo(DnsResponse response, DnsQuestion question);
    }

    /** An answer with IPv4 and IPv6 addresses and a TTL of a minute; without addresses, an answer without records. */
    public static StandInAnswer of(String... addresses) {
        List<byte[]> all = Stream.of(addresses).map(StandInAnswer::bytes).toList();
        return atOnce((response, question) -> all.forEach(address -> add(address, response, question)));
    }

    /** An answer that is sent at once. */
    public static StandInAnswer atOnce(RecordWriter records) {
        return new StandInAnswer(records, CompletableFuture.completedFuture(null));
    }

    public static StandInAnswer noSuchName() {
        return atOnce((response, question) -> response.setCode(DnsResponseCode.NXDOMAIN));
    }

    /** Never answers. */
    public static StandInAnswer silence() {
        return of().after(new CompletableFuture<>());
    }

    /** The same answer, sent when the signal completes; if it fails, none is sent. */
    public StandInAnswer after(CompletionStage<?> newSignal) {
        return new StandInAnswer(records, newSignal);
    }

    private static void add(byte[] address, DnsResponse response, DnsQuestion question) {
        DnsRecordType type = address.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        if (type.equals(question.type())) {
            response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(question.name(), type, SECONDS_TO_LIVE, Unpooled.wrappedBuffer(address)));
        }
    }

    private static byte[] bytes(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("no address: " + address);
        }
        return bytes;
    }
}
