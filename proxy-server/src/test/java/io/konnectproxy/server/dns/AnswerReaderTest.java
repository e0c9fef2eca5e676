package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.dns.DnsAnswer.Cause;
import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {
    private static final DnsQuestion A = new DefaultDnsQuestion("us.api.konghq.com.", DnsRecordType.A);
    private static final DnsQuestion AAAA = new DefaultDnsQuestion("us.api.konghq.com.", DnsRecordType.AAAA);
    private static final byte[] ALIAS_LB = {2, 'l', 'b', 0};
    private static final byte[] ALIAS_SELF = "\2us\3api\6konghq\3com\0".getBytes(StandardCharsets.US_ASCII);

    @Test
    void the_letter_case_of_names_does_not_matter() throws Exception {
        assertThat(read(A, record("US.api.KongHQ.com.", DnsRecordType.A, 60, 52, 0, 0, 1)))
                .isEqualTo(found(60, 52, 0, 0, 1));
    }

    @Test
    void the_shortest_life_of_the_chain_counts() throws Exception {
        assertThat(read(A, alias("us.api.konghq.com.", 7, ALIAS_LB), record("lb.", DnsRecordType.A, 60, 52, 0, 0, 1)))
                .isEqualTo(found(7, 52, 0, 0, 1));
    }

    @Test
    void the_order_of_the_records_does_not_matter() throws Exception {
        assertThat(read(A, record("lb.", DnsRecordType.A, 60, 52, 0, 0, 1), alias("us.api.konghq.com.", 90, ALIAS_LB)))
                .isEqualTo(found(60, 52, 0, 0, 1));
    }

    @Test
    void a_life_with_the_sign_bit_set_is_none() throws Exception {
        assertThat(read(A, record("us.api.konghq.com.", DnsRecordType.A, 0x80000001L, 52, 0, 0, 1)))
                .isEqualTo(found(0, 52, 0, 0, 1));
    }

    @Test
    void an_address_that_comes_twice_is_given_once() throws Exception {
        DnsRecord record = record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0, 1);
        assertThat(read(A, record, record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0, 1)))
                .isEqualTo(found(60, 52, 0, 0, 1));
    }

    @Test
    void of_thousands_of_addresses_some_are_kept() {
        DnsRecord[] thousands = new DnsRecord[4000];
        for (int i = 0; i < thousands.length; i++) {
            thousands[i] = record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, i / 256, i % 256);
        }
        assertThat(((Found) read(A, thousands)).addresses()).hasSize(AnswerReader.MAX_ADDRESSES);
    }

    @Test
    void an_ipv4_mapped_address_is_the_ipv4_address() throws Exception {
        assertThat(read(
                        AAAA,
                        record(
                                "us.api.konghq.com.",
                                DnsRecordType.AAAA,
                                60,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                255,
                                255,
                                10,
                                0,
                                0,
                                1)))
                .isEqualTo(found(60, 10, 0, 0, 1));
    }

    @Test
    void addresses_of_other_names_and_types_are_passed_over() {
        assertThat(read(
                        A,
                        record("eu.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0, 1),
                        record("us.api.konghq.com.", DnsRecordType.TXT, 60, 52, 0, 0, 1)))
                .isInstanceOfSatisfying(
                        Missing.class, m -> assertThat(m.cause()).isEqualTo(Cause.NO_ADDRESS));
    }

    @Test
    void an_alias_is_alike_in_ascii_only() {
        byte[] kelvin = "\3\u212a".getBytes(StandardCharsets.UTF_8);
        assertThat(read(
                        A,
                        alias("us.api.konghq.com.", 60, Arrays.copyOf(kelvin, kelvin.length + 1)),
                        record("k.", DnsRecordType.A, 60, 52, 0, 0, 1)))
                .isInstanceOfSatisfying(
                        Missing.class, m -> assertThat(m.cause()).isEqualTo(Cause.NO_ADDRESS));
    }

    @Test
    void an_alias_with_a_question_mark_is_malformed_as_netty_writes_one_for_all_that_is_not_ascii() {
        assertMalformed(read(
                A,
                alias("us.api.konghq.com.", 60, new byte[] {1, '?', 0}),
                record("?.", DnsRecordType.A, 60, 52, 0, 0, 1)));
    }

    @Test
    void an_alias_that_leads_to_itself_is_malformed() {
        assertMalformed(read(A, alias("us.api.konghq.com.", 60, ALIAS_SELF)));
    }

    @Test
    void an_alias_that_is_cut_is_malformed() {
        assertMalformed(read(A, alias("us.api.konghq.com.", 60, new byte[] {9, 'l'})));
    }

    @Test
    void an_address_of_the_wrong_length_is_malformed() {
        assertMalformed(read(A, record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0)));
        assertMalformed(read(A, record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0, 1, 1)));
        assertMalformed(read(AAAA, record("us.api.konghq.com.", DnsRecordType.AAAA, 60, 52, 0, 0, 1)));
    }

    @Test
    void a_cut_answer_is_none_even_with_addresses_in_it() {
        DnsResponse response = new DefaultDnsResponse(1).setTruncated(true);
        response.addRecord(DnsSection.ANSWER, record("us.api.konghq.com.", DnsRecordType.A, 60, 52, 0, 0, 1));
        assertThat(AnswerReader.read(A, response))
                .isInstanceOfSatisfying(
                        Missing.class, m -> assertThat(m.cause()).isEqualTo(Cause.FAILED));
        response.release();
    }

    @ParameterizedTest
    @CsvSource({"0, NO_ADDRESS", "1, FAILED", "2, FAILED", "3, NO_SUCH_NAME", "4, FAILED", "5, FAILED", "11, FAILED"})
    void the_response_code_decides(int code, Cause cause) {
        DnsResponse response = new DefaultDnsResponse(1).setCode(DnsResponseCode.valueOf(code));
        assertThat(AnswerReader.read(A, response))
                .isInstanceOfSatisfying(
                        Missing.class, m -> assertThat(m.cause()).isEqualTo(cause));
        response.release();
    }

    private static void assertMalformed(DnsAnswer answer) {
        assertThat(answer).isEqualTo(new Missing(Cause.FAILED, "The resolver's answer is malformed."));
    }

    private static DnsAnswer read(DnsQuestion question, DnsRecord... answers) {
        DnsResponse response = new DefaultDnsResponse(1);
        for (DnsRecord answer : answers) {
            response.addRecord(DnsSection.ANSWER, answer);
        }
        try {
            return AnswerReader.read(question, response);
        } finally {
            response.release();
        }
    }

    private static DnsRecord record(String name, DnsRecordType type, long seconds, int... content) {
        return new DefaultDnsRawRecord(name, type, seconds, Unpooled.wrappedBuffer(bytes(content)));
    }

    private static DnsRecord alias(String name, long seconds, byte[] target) {
        return new DefaultDnsRawRecord(name, DnsRecordType.CNAME, seconds, Unpooled.wrappedBuffer(target));
    }

    private static Found found(long seconds, int... address) throws Exception {
        return new Found(List.of(InetAddress.getByAddress(bytes(address))), Duration.ofSeconds(seconds));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
