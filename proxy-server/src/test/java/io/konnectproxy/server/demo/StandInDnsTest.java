package io.konnectproxy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.DnsQuestions;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StandInDnsTest {
    @Test
    void answers_with_the_addresses_that_fit_the_question() throws Exception {
        DnsQuestions asked = new DnsQuestions(q -> StandInAnswer.of("127.0.0.1", "::1"));
        try (var dns = StandInDns.start(asked)) {
            byte[] answer = ask(dns.address(), "A.example.COM", 1);
            assertThat(ByteBuffer.wrap(answer).getShort(0)).as("id").isEqualTo((short) 0x1234);
            assertThat(answer[3] & 15).as("code").isZero();
            assertThat(ByteBuffer.wrap(answer).getShort(6)).as("answers").isEqualTo((short) 1);
            assertThat(Arrays.copyOfRange(answer, answer.length - 10, answer.length))
                    .as("life, length, address")
                    .containsExactly(0, 0, 0, 60, 0, 4, 127, 0, 0, 1);
            assertThat(ask(dns.address(), "a.example.com", 28))
                    .endsWith(0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            assertThat(asked.all())
                    .containsExactly(
                            new StandInDns.Question("a.example.com", DnsRecordType.A),
                            new StandInDns.Question("a.example.com", DnsRecordType.AAAA));
        }
    }

    @Test
    void says_that_a_name_does_not_exist() throws Exception {
        try (var dns = StandInDns.start(q -> StandInAnswer.noSuchName())) {
            assertThat(ask(dns.address(), "a.example.com", 1)[3] & 15).isEqualTo(3);
        }
    }

    @Test
    void an_answer_for_tcp_comes_cut_over_udp() throws Exception {
        try (var dns = StandInDns.start(q -> DnsAnswers.overTcp("127.0.0.1"))) {
            byte[] answer = ask(dns.address(), "a.example.com", 1);
            assertThat(answer[2] & 2).as("truncated").isEqualTo(2);
            assertThat(ByteBuffer.wrap(answer).getShort(6)).as("answers").isZero();
        }
    }

    @Test
    void a_name_is_no_address() {
        assertThatThrownBy(() -> StandInAnswer.of("localhost")).hasMessage("no address: localhost");
    }

    private static byte[] ask(InetSocketAddress server, String name, int type) throws Exception {
        ByteBuffer query = ByteBuffer.allocate(512).putShort((short) 0x1234).putShort((short) 0x0100);
        query.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        for (String label : name.split("\\.", -1)) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) type).putShort((short) 1);
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(query.array(), query.position(), server));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }
}
