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
 * What a {@link StandInDns} answers.
 *
 * @param signal the answer is not sent before it is there; if it fails or never comes, none is sent
 */
public record StandInAnswer(RecordWriter records, CompletionStage<?> signal) {
    private static final int SECONDS_TO_LIVE = 60;

    /** Completes a response that has the question already. */
    public interface RecordWriter {
        void writeTo(DnsResponse response, DnsQuestion question);
    }

    /** IPv4 and IPv6 addresses as text, which live for a minute; none at all is an answer without records. */
    public static StandInAnswer of(String... addresses) {
        List<byte[]> all = Stream.of(addresses).map(StandInAnswer::bytes).toList();
        return atOnce((response, question) -> all.forEach(address -> add(address, response, question)));
    }

    /** An answer that does not wait. */
    public static StandInAnswer atOnce(RecordWriter records) {
        return new StandInAnswer(records, CompletableFuture.completedFuture(null));
    }

    public static StandInAnswer noSuchName() {
        return atOnce((response, question) -> response.setCode(DnsResponseCode.NXDOMAIN));
    }

    /** No answer, ever. */
    public static StandInAnswer silence() {
        return of().after(new CompletableFuture<>());
    }

    /** The same, but not before the signal is there; a signal that fails is silence. */
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
