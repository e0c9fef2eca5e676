package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.dns.DnsAnswer.Missing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input is a datagram of a resolver. It goes the way it goes in earnest: Netty's decoder, then our reader. */
public final class DnsAnswerFuzz {
    private static final String NAME = "us.api.konghq.com";
    private static final List<DnsQuestion> QUESTIONS = List.of(
            new DefaultDnsQuestion(NAME + ".", DnsRecordType.A),
            new DefaultDnsQuestion(NAME + ".", DnsRecordType.AAAA));
    private static final InetSocketAddress RESOLVER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);
    private static final EmbeddedChannel CHANNEL = new EmbeddedChannel(new DatagramDnsResponseDecoder());

    private DnsAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        DatagramDnsResponse response = decoded(input);
        if (response == null) {
            return;
        }
        try {
            for (DnsQuestion question : QUESTIONS) {
                DnsAnswer answer = AnswerReader.read(question, response);
                assertThat(AnswerReader.read(question, response))
                        .as("read again")
                        .isEqualTo(answer);
                if (answer instanceof Found found) {
                    DnsModel model = new DnsModel(input, question.type().intValue());
                    assertThat(model.addresses(NAME)).containsAll(found.addresses());
                    assertThat(found.timeToLive().toSeconds()).isBetween(0L, model.longestLife());
                } else if (answer instanceof Missing missing) {
                    assertThat(missing.hint()).matches("[A-Z][ -~]+\\.");
                }
            }
        } finally {
            assertThat(response.release()).as("nobody else holds it").isTrue();
        }
    }

    /** Null where Netty takes it for no response. */
    private static @Nullable DatagramDnsResponse decoded(byte[] input) {
        // Not one of no bytes: that is a constant which cannot be released.
        ByteBuf content = Unpooled.buffer(input.length + 1).writeBytes(input);
        try {
            CHANNEL.writeInbound(new DatagramPacket(content, RESOLVER, RESOLVER));
        } catch (DecoderException e) {
            assertThat(content.refCnt()).isZero();
            return null;
        }
        return CHANNEL.readInbound();
    }
}
