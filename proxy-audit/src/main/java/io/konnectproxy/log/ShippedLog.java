package io.konnectproxy.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import io.konnectproxy.mirror.AuditAppender;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The default configuration of Logback: messages to the operator go to standard error, audit lines go to standard
 * output. It is code, because reading XML takes a seventh of the time to the first listener. {@code
 * -Dlogback.configurationFile=FILE} replaces it with a Logback file.
 */
public final class ShippedLog extends ContextAwareBase implements Configurator {
    /** The names of the appenders for audit lines, the outer one first. */
    static final String AUDIT = "AUDIT";

    static final String STDOUT = "STDOUT";

    /** The most audit lines that wait for a slow reader of standard output. */
    private static final int QUEUE = 8192;

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        log.getStatusManager().add(new NopStatusListener());
        Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(
                console(new ConsoleAppender<>(), "OPERATOR", "System.err", new OperatorLine(), StandardCharsets.UTF_8));
        Logger audit = log.getLogger("audit");
        audit.setLevel(Level.INFO);
        audit.setAdditive(false);
        audit.addAppender(neverWaiting(
                console(new AuditAppender(), STDOUT, "System.out", new BareLine(), StandardCharsets.US_ASCII)));
        // Warnings of these libraries are about single connections, which the audit lines describe better.
        log.getLogger("io.netty").setLevel(Level.ERROR);
        log.getLogger("org.littleshoot").setLevel(Level.ERROR);
        // What they say about a request is in the sentence about the archive.
        log.getLogger("software.amazon.awssdk").setLevel(Level.ERROR);
        log.getLogger("org.apache.hc").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private Appender<ILoggingEvent> console(
            ConsoleAppender<ILoggingEvent> console,
            String name,
            String stream,
            Layout<ILoggingEvent> layout,
            Charset charset) {
        layout.setContext(getContext());
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(getContext());
        encoder.setCharset(charset);
        encoder.setLayout(layout);
        encoder.start();
        console.setContext(getContext());
        console.setName(name);
        console.setTarget(stream);
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    /**
     * A reader of standard output that has stopped reading must not block the journal, nor the tunnels that wait for
     * it.
     */
    private Appender<ILoggingEvent> neverWaiting(Appender<ILoggingEvent> appender) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(getContext());
        queue.setName(AUDIT);
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(0);
        queue.setNeverBlock(true);
        queue.addAppender(appender);
        queue.start();
        return queue;
    }
}
