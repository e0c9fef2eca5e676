package io.konnectproxy.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Silences a logger for a while, for a command that tells the same in its result. */
public final class MutedLog {
    private MutedLog() {}

    /** Silences this logger and those below it while something runs. */
    public static void during(String name, Runnable task) {
        if (!(LoggerFactory.getLogger(name) instanceof Logger logger)) {
            task.run();
            return;
        }
        Level before = logger.getLevel();
        logger.setLevel(Level.OFF);
        try {
            task.run();
        } finally {
            logger.setLevel(before);
        }
    }
}
