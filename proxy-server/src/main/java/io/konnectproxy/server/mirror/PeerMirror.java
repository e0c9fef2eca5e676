package io.konnectproxy.server.mirror;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A mirror at the other end of a connection: a logger of its own, whose one appender puts lines in the queue of a
 * {@link Delivery}.
 */
final class PeerMirror implements Mirror {
    /** Filters and turbo filters of a Logback file of the operator's own apply to all loggers. */
    private static final String FILTERED = "the configuration of Logback keeps lines from it";

    private final String name;
    private final Misses misses;
    private final Delivery delivery;
    private final Logger logger;
    private final MirrorAppender appender;

    /** @param number tells this mirror's logger from those of others, {@code audit.mirror-1} */
    PeerMirror(String name, int number, Carrier carrier, Delivery.Bounds bounds) {
        this.name = name;
        this.misses = new Misses(name);
        this.delivery = new Delivery(name, carrier, bounds, misses);
        this.appender = new MirrorAppender(delivery);
        this.logger = (Logger) LoggerFactory.getLogger("audit.mirror-" + number);
        appender.setContext(logger.getLoggerContext());
        appender.setName(name);
        appender.start();
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        logger.detachAndStopAllAppenders();
        logger.addAppender(appender);
        delivery.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void print(String line) {
        long before = appender.count();
        logger.info(line);
        if (appender.count() == before) {
            misses.add(new Line(line), FILTERED);
        }
    }

    @Override
    public Optional<Missed> missed() {
        return misses.take(delivery.isOver());
    }

    @Override
    public boolean isUnsettled() {
        return delivery.waiting() > 0 || misses.count() > 0;
    }

    @Override
    public long missedInAll() {
        return misses.total();
    }

    /** Lines that wait, those included that are on their way. */
    int waiting() {
        return delivery.waiting();
    }

    /** Why the last attempt came to nothing; empty if it did not. */
    String trouble() {
        return delivery.trouble();
    }

    @Override
    public void beginEnd() {
        delivery.beginEnd();
    }

    @Override
    public void awaitEnd(long nanoTime) {
        delivery.awaitEnd(nanoTime);
        logger.detachAppender(appender);
        appender.stop();
    }
}
