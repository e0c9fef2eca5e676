package io.konnectproxy.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Time, level and message, never an exception. One event is one line: nobody forges a line with a line break. */
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
