package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the addresses out of one response: those of the name that was asked, or of the name its CNAME records lead to.
 * Other records are passed over. A chain that ends without an address is not asked on: a resolver that is meant for
 * programs gives the whole chain.
 */
final class AnswerReader {
    private static final int MAX_CHAIN = 16;
    /** Far more than are dialled in the time there is for that; an answer over TCP may have thousands, and all would be kept. */
    static final int MAX_ADDRESSES = 32;

    private final DnsQuestion question;
    private final Map<String, DnsRawRecord> aliases = new HashMap<>();
    private final Map<String, List<DnsRawRecord>> addresses = new HashMap<>();
    private long timeToLive = Integer.MAX_VALUE;

    private AnswerReader(DnsQuestion question) {
        this.question = question;
    }

    static DnsAnswer read(DnsQuestion question, DnsResponse response) {
        if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
            return new Missing(Cause.NO_SUCH_NAME, "The resolver says that the name does not exist.");
        }
        if (!response.code().equals(DnsResponseCode.NOERROR)) {
            return new Missing(Cause.FAILED, "The resolver answered " + response.code() + ".");
        }
        // Netty has tried TCP by now; addresses may be missing from what came.
        if (response.isTruncated()) {
            return new Missing(Cause.FAILED, "The resolver's answer is cut, and TCP brought no whole one.");
        }
        try {
            return new AnswerReader(question).read(response);
        } catch (UnknownHostException | RuntimeException e) {
            return new Missing(Cause.FAILED, "The resolver's answer is malformed.");
        }
    }

    private DnsAnswer read(DnsResponse response) throws UnknownHostException {
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record instanceof DnsRawRecord raw && record.dnsClass() == DnsRecord.CLASS_IN) {
                if (raw.type().equals(DnsRecordType.CNAME)) {
                    aliases.put(canonical(raw.name()), raw);
                } else if (raw.type().equals(question.type())) {
                    addresses
                            .computeIfAbsent(canonical(raw.name()), name -> new ArrayList<>())
                            .add(raw);
                }
            }
        }
        List<InetAddress> found = new ArrayList<>();
        for (DnsRawRecord raw : addresses.getOrDefault(endOfChain(), List.of())) {
            note(raw);
            found.add(InetAddress.getByAddress(addressBytes(raw)));
        }
        return found.isEmpty()
                ? new Missing(
                        Cause.NO_ADDRESS,
                        "The resolver knows no " + question.type().name() + " record of the name.")
                : new Found(found.stream().distinct().limit(MAX_ADDRESSES).toList(), Duration.ofSeconds(timeToLive));
    }

    private String endOfChain() {
        String name = canonical(question.name());
        for (int i = 0; i < MAX_CHAIN; i++) {
            DnsRawRecord alias = aliases.get(name);
            if (alias == null) {
                return name;
            }
            note(alias);
            name = canonical(DefaultDnsRecordDecoder.decodeName(alias.content().duplicate()));
            // Netty has put one for each sign that is not ASCII: another name may be meant.
            if (name.indexOf('?') >= 0) {
                throw new IllegalArgumentException("an alias of no host name");
            }
        }
        throw new IllegalArgumentException("a chain of aliases without end");
    }

    /** What an answer is made of lives as long as its shortest-lived record; a set sign bit means 0 (RFC 2181, 8). */
    private void note(DnsRawRecord record) {
        long seconds = record.timeToLive() > Integer.MAX_VALUE ? 0 : record.timeToLive();
        timeToLive = Math.min(timeToLive, seconds);
    }

    private static byte[] addressBytes(DnsRawRecord record) {
        byte[] bytes = new byte[record.content().readableBytes()];
        if (bytes.length != (record.type().equals(DnsRecordType.A) ? 4 : 16)) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes");
        }
        record.content().getBytes(record.content().readerIndex(), bytes);
        return bytes;
    }

    /** Letter case does not count in ASCII (RFC 4343), and only there: the Kelvin sign is no k. */
    private static String canonical(String name) {
        return name.chars()
                .map(c -> c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
