package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.LogCapture;
import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No client fills the log. */
class TunnelLogTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel");

    @Test
    void a_handshake_in_vain_is_said_once_a_minute_for_each_client() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 100; i++) {
            TunnelLog.handshakeInVain("It failed.", one);
        }
        TunnelLog.handshakeInVain("It failed.", InetAddress.getByName("2001:db8::1"));
        TunnelLog.handshakeInVain("It failed.", InetAddress.getByName("2001:db8::2"));

        assertThat(log.said())
                .containsExactly(
                        "From 192.0.2.1: It failed. (once since this was last said; said once a minute for each client)",
                        "From 2001:db8::1: It failed. (once since this was last said; said once a minute for each client)");
    }

    @Test
    void an_internal_error_that_comes_again_and_again_is_said_once_a_minute() {
        IntStream.range(0, 100)
                .mapToObj(i -> new IllegalStateException("number " + i))
                .forEach(TunnelLog::internalError);
        TunnelLog.internalError(new IllegalArgumentException("another"));

        assertThat(log.events())
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("number 0", "another");
    }
}
