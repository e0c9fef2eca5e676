package io.konnectproxy.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/**
 * Changes the form of the audit lines on standard output. It has an effect only on {@link ShippedLog}, not on the
 * operator's own Logback configuration.
 */
public final class AuditStream {
    private AuditStream() {}

    /**
     * Prints each line in another form from now on.
     *
     * @param form called by one thread; where it throws, the line is printed unchanged
     */
    public static void show(UnaryOperator<String> form) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
            show(log.getLogger("audit"), form);
        }
    }

    private static void show(Logger audit, UnaryOperator<String> form) {
        if (audit.getAppender(ShippedLog.AUDIT) instanceof AsyncAppenderBase<ILoggingEvent> queue
                && queue.getAppender(ShippedLog.STDOUT) instanceof OutputStreamAppender<ILoggingEvent> console
                && console.getEncoder() instanceof LayoutWrappingEncoder<ILoggingEvent> encoder) {
            encoder.setLayout(new Formed(form));
        }
    }

    private static final class Formed extends LayoutBase<ILoggingEvent> {
        private final UnaryOperator<String> form;

        Formed(UnaryOperator<String> form) {
            this.form = form;
        }

        @Override
        public String doLayout(ILoggingEvent event) {
            String line = event.getFormattedMessage();
            try {
                line = form.apply(line);
            } catch (RuntimeException e) {
                addError("an audit line could not be shown as a record", e);
            }
            return line + System.lineSeparator();
        }
    }
}
