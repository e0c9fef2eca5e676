package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
