package io.konnectproxy.support;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a {@link StandInDns} answers in tests only. */
public final class DnsAnswers {
    private DnsAnswers() {}

    public static boolean isIpv4(StandInDns.Question question) {
        return question.type().equals(DnsRecordType.A);
    }

    /** The name exists and has no address. */
    public static StandInAnswer empty() {
        return StandInAnswer.of();
    }

    /** The name server itself is in trouble. */
    public static StandInAnswer serverFailure() {
        return StandInAnswer.atOnce((response, question) -> response.setCode(DnsResponseCode.SERVFAIL));
    }

    public static StandInAnswer refused() {
        return StandInAnswer.atOnce((response, question) -> response.setCode(DnsResponseCode.REFUSED));
    }

    /** The addresses are to be forgotten after that time. */
    public static StandInAnswer lasting(Duration timeToLive, String... addresses) {
        StandInAnswer.RecordWriter records = StandInAnswer.of(addresses).records();
        return StandInAnswer.atOnce((response, question) -> {
            records.writeTo(response, question);
            for (DnsRawRecord record : taken(response)) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(
                                record.name(), record.type(), timeToLive.toSeconds(), record.content()));
            }
        });
    }

    /** The addresses are those of another name, to which a CNAME record leads. */
    public static StandInAnswer viaAlias(String alias, String... addresses) {
        StandInAnswer.RecordWriter records = StandInAnswer.of(addresses).records();
        return StandInAnswer.atOnce((response, question) -> {
            records.writeTo(response, question);
            List<DnsRawRecord> found = taken(response);
            response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(question.name(), DnsRecordType.CNAME, 60, labels(alias)));
            for (DnsRawRecord record : found) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(alias, record.type(), record.timeToLive(), record.content()));
            }
        });
    }

    /** The addresses are too many for a datagram. */
    public static StandInAnswer overTcp(String... addresses) {
        StandInAnswer.RecordWriter records = StandInAnswer.of(addresses).records();
        return StandInAnswer.atOnce((response, question) -> {
            if (response instanceof DatagramDnsResponse) {
                response.setTruncated(true);
            } else {
                records.writeTo(response, question);
            }
        });
    }

    /** The records of the answer, which no longer has them. */
    private static List<DnsRawRecord> taken(DnsResponse response) {
        List<DnsRawRecord> taken = new ArrayList<>();
        while (response.count(DnsSection.ANSWER) > 0) {
            taken.add(response.removeRecord(DnsSection.ANSWER, 0));
        }
        return taken;
    }

    /** Labels, each behind its length (RFC 1035, section 3.1). */
    private static ByteBuf labels(String name) {
        ByteBuf bytes = Unpooled.buffer();
        for (String label : name.split("\\.", -1)) {
            bytes.writeByte(label.length());
            bytes.writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        return bytes.writeByte(0);
    }
}
