package io.konnectproxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Who says what is logged; what the lines look like is {@code StandardOutputMirrorIT}'s. */
@Isolated("sets a system property")
class ShippedLogTest {
    private static final String FILE = "logback.configurationFile";

    private final LoggerContext log = new LoggerContext();

    @TempDir
    private Path directory;

    @Test
    void logback_finds_it_by_itself() throws Exception {
        new ContextInitializer(log).autoConfig();
        assertThat(log.getLogger("audit").getAppender("AUDIT")).isNotNull();
        assertThat(log.getLogger("io.netty.channel").getEffectiveLevel()).isEqualTo(Level.ERROR);
        assertThat(log.getStatusManager().getCopyOfStatusListenerList()).isNotEmpty();
    }

    @Test
    void a_file_of_the_operator_takes_its_place() throws Exception {
        Path file = Files.writeString(
                directory.resolve("own.xml"), "<configuration><root level=\"TRACE\"/></configuration>");
        System.setProperty(FILE, file.toString());
        try {
            new ContextInitializer(log).autoConfig();
        } finally {
            System.clearProperty(FILE);
        }
        assertThat(log.getLogger("audit").getAppender("AUDIT")).isNull();
        assertThat(log.getLogger("audit").getEffectiveLevel()).isEqualTo(Level.TRACE);
    }
}
