package io.konnectproxy.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * What a logger says while a test runs, for the test and not for who reads the build's output: a {@code @RegisterExtension} of a
 * test that expects faults.
 */
public final class LogCapture implements BeforeEachCallback, AfterEachCallback {
    private final Logger logger;
    private final Level level;
    private final Heard appender = new Heard();
    private @Nullable Level before;
    /** What prints meanwhile to nobody: the root logger's appenders. */
    private List<Appender<ILoggingEvent>> printed = List.of();

    /** What warnings and errors may begin with; anything where nobody says. */
    private List<String> expected = List.of("");

    private LogCapture(String logger, Level level) {
        this.logger = (Logger) LoggerFactory.getLogger(logger);
        this.level = level;
    }

    /** Of this logger and those below it. */
    public static LogCapture of(String logger) {
        return new LogCapture(logger, Level.INFO);
    }

    public static LogCapture of(Class<?> logger) {
        return of(logger.getName());
    }

    /** Of one that is otherwise heard from another level on. */
    public static LogCapture of(String logger, Level level) {
        return new LogCapture(logger, level);
    }

    /** Any other warning or error fails the test. */
    public LogCapture expecting(String... beginnings) {
        expected = List.of(beginnings);
        return this;
    }

    /** From now on, until the test ends. */
    public void hear(Level lowest) {
        logger.setLevel(lowest);
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        appender.events.clear();
        appender.start();
        before = logger.getLevel();
        logger.setLevel(level);
        logger.setAdditive(false);
        printed = List.copyOf(appenders());
        printed.forEach(logger::detachAppender);
        logger.addAppender(appender);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        logger.detachAppender(appender);
        printed.forEach(logger::addAppender);
        logger.setAdditive(true);
        logger.setLevel(before);
        List<String> unexpected = events().stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(said -> expected.stream().noneMatch(said::startsWith))
                .toList();
        if (!unexpected.isEmpty()) {
            throw new AssertionError("the log says what nobody expected: " + unexpected);
        }
    }

    private List<Appender<ILoggingEvent>> appenders() {
        List<Appender<ILoggingEvent>> all = new ArrayList<>();
        logger.iteratorForAppenders().forEachRemaining(all::add);
        return all;
    }

    /** So far, the oldest first. */
    public List<ILoggingEvent> events() {
        return List.copyOf(appender.events);
    }

    /** The sentences so far. */
    public List<String> said() {
        return events().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The same, each behind its level. */
    public List<String> lines() {
        return events().stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** Forgets what was said. */
    public void clear() {
        appender.events.clear();
    }

    private static final class Heard extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    }
}
