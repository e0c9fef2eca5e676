package io.konnectproxy.server.demo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.nio.charset.StandardCharsets;

/** Writes an answer as records. */
final class StandInRecords {
    private StandInRecords() {}

    static DnsResponse fill(DnsResponse response, DnsQuestion question, StandInAnswer answer, boolean tcp) {
        response.setRecursionAvailable(true);
        response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
        if (answer.onlyOverTcp() && !tcp) {
            return response.setTruncated(true);
        }
        long seconds = answer.timeToLive().toSeconds();
        String owner = answer.alias().orElse(question.name());
        answer.alias()
                .ifPresent(alias -> response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(question.name(), DnsRecordType.CNAME, seconds, name(alias))));
        for (byte[] address : answer.addresses()) {
            DnsRecordType type = address.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
            if (type.equals(question.type())) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(owner, type, seconds, Unpooled.wrappedBuffer(address)));
            }
        }
        return response;
    }

    /** Labels, each behind its length (RFC 1035, section 3.1). */
    private static ByteBuf name(String text) {
        ByteBuf bytes = Unpooled.buffer();
        for (String label : text.split("\\.", -1)) {
            bytes.writeByte(label.length());
            bytes.writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        return bytes.writeByte(0);
    }
}
