package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.LogCapture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No client fills the log. */
class TunnelLogTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel");

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
