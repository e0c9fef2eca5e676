package io.konnectproxy.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Prints time, level and message, but no exception. Control characters become a space, so that one event is one line
 * and a line break in a message cannot forge a line.
 */
final class OperatorLine extends LayoutBase<ILoggingEvent> {
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    private final DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    @Override
    public String doLayout(ILoggingEvent event) {
        String level = event.getLevel().levelStr;
        return time.format(event.getInstant())
                + (level.length() < 5 ? " " + level + "  " : " " + level + " ")
                + CONTROLS.matcher(event.getFormattedMessage()).replaceAll(" ")
                + System.lineSeparator();
    }
}
