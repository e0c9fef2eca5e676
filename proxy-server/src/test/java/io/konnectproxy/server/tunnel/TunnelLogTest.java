package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No client fills the log. */
class TunnelLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("tunnel");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(said);
    }

    @Test
    void a_handshake_in_vain_is_said_once_a_minute_for_each_client() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i < 100; i++) {
            TunnelLog.handshakeInVain("It failed.", one);
        }
        TunnelLog.handshakeInVain("It failed.", InetAddress.getByName("2001:db8::1"));
        TunnelLog.handshakeInVain("It failed.", InetAddress.getByName("2001:db8::2"));

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
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

        assertThat(said.list)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly("number 0", "another");
    }
}
