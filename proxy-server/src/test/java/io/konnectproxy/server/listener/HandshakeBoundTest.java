package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.Hellos;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;

/** A client whose handshake waits for its turn, and that does not wait. */
class HandshakeBoundTest {
    /** A whole record, which TLS would have to keep. */
    private static final byte[] PIECE = Arrays.copyOf(new byte[] {23, 3, 3, 0x3f, (byte) 0xfb}, 16 * 1024);

    @Test
    void reads_no_more_than_a_handshake_can_have_while_that_waits_for_its_turn() throws Exception {
        List<Runnable> waiting = new ArrayList<>();
        Reads channel = new Reads();
        ClientTls.install(channel, context(), waiting::add, () -> {});
        channel.writeInbound(Unpooled.wrappedBuffer(Hellos.naming("proxy.example.com")));
        assertThat(waiting).hasSize(1);
        assertThat(channel.asked()).as("reads behind the hello").isTrue();

        int taken = 0;
        do {
            channel.writeInbound(Unpooled.copiedBuffer(PIECE));
            taken += PIECE.length;
        } while (channel.asked() && taken < 50 * PIECE.length);

        assertThat(taken).isEqualTo(HandshakeBound.ENOUGH);
        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();
    }

    private static SslContext context() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(new ThrowawayCa().serverStore(List.of("proxy.example.com")), new char[0]);
        return SslContextBuilder.forServer(keys).build();
    }

    /** Whether a read was requested since the last call. */
    private static final class Reads extends EmbeddedChannel {
        private boolean asked;

        Reads() {
            config().setAutoRead(false);
        }

        @Override
        protected void doBeginRead() {
            asked = true;
        }

        boolean asked() {
            boolean before = asked;
            asked = false;
            return before;
        }
    }
}
