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
 * Extracts the addresses from one response: those of the queried name, or of the name at the end of its CNAME chain. Other
 * records are ignored. A chain that ends without an address is not queried further: a recursive resolver returns the whole
 * chain.
 */
final class AnswerReader {
    private static final int MAX_CHAIN = 16;
    /** More than can be dialled before the deadline. An answer over TCP can have thousands, which would all be cached. */
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
        DnsResponseCode code = code(response);
        if (!code.equals(DnsResponseCode.NOERROR)) {
            return new Missing(Cause.FAILED, "The resolver answered " + code + ".");
        }
        // Netty has retried over TCP by now. A response that is still truncated may lack addresses.
        if (response.isTruncated()) {
            return new Missing(Cause.FAILED, "The resolver's answer is cut, and TCP brought no whole one.");
        }
        try {
            return new AnswerReader(question).read(response);
        } catch (UnknownHostException | RuntimeException e) {
            return new Missing(Cause.FAILED, "The resolver's answer is malformed.");
        }
    }

    /** With the upper bits that an OPT record has (RFC 6891, section 6.1.3), as BADVERS does. */
    private static DnsResponseCode code(DnsResponse response) {
        int upper = 0;
        for (int i = 0; i < response.count(DnsSection.ADDITIONAL); i++) {
            DnsRecord record = response.recordAt(DnsSection.ADDITIONAL, i);
            if (record.type().equals(DnsRecordType.OPT)) {
                upper = (int) (record.timeToLive() >>> 24 & 0xff);
            }
        }
        return DnsResponseCode.valueOf(upper << 4 | response.code().intValue());
    }

    /** Whether a response says that the question was not understood, which with EDNS may be due to that. */
    static boolean refusesEdns(DnsResponse response) {
        DnsResponseCode code = code(response);
        return code.equals(DnsResponseCode.FORMERR)
                || code.equals(DnsResponseCode.NOTIMP)
                || code.equals(DnsResponseCode.BADVERS_OR_BADSIG);
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
            limitTimeToLive(raw);
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
            limitTimeToLive(alias);
            name = canonical(DefaultDnsRecordDecoder.decodeName(alias.content().duplicate()));
            // Netty decodes each character outside ASCII to '?', so the name is ambiguous.
            if (name.indexOf('?') >= 0) {
                throw new IllegalArgumentException("CNAME target is not a host name");
            }
        }
        throw new IllegalArgumentException("CNAME chain is too long");
    }

    /** The TTL of an answer is the smallest of its records; a TTL with the sign bit set means 0 (RFC 2181, section 8). */
    private void limitTimeToLive(DnsRawRecord record) {
        long seconds = record.timeToLive() > Integer.MAX_VALUE ? 0 : record.timeToLive();
        timeToLive = Math.min(timeToLive, seconds);
    }

    private static byte[] addressBytes(DnsRawRecord record) {
        byte[] bytes = new byte[record.content().readableBytes()];
        if (bytes.length != (record.type().equals(DnsRecordType.A) ? 4 : 16)) {
            throw new IllegalArgumentException("address record has " + bytes.length + " bytes");
        }
        record.content().getBytes(record.content().readerIndex(), bytes);
        return bytes;
    }

    /** Letter case is ignored in ASCII only (RFC 4343): the Kelvin sign must not become 'k'. */
    static String canonical(String name) {
        return name.chars()
                .map(c -> c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
