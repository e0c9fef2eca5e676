package io.konnectproxy.server.soak;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * The real proxy in a process of its own. Tells its port first, then answers {@code connections} with their number and
 * {@code counters} with {@link Counters}, a line each; ends when nobody asks any more.
 */
final class SoakProxy {
    private SoakProxy() {}

    /** Arguments: the configuration file and the upstream's port. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        AtomicLong leaks = countLeakReports();
        try (ProxyServer proxy = ProxyServer.startBeforeStandIn(
                        ConfigurationLoader.load(Path.of(arguments[0]), Map.of())
                                .configuration(),
                        Integer.parseInt(arguments[1]));
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            System.out.println(proxy.listeners().get(0).getPort());
            for (String question = questions.readLine(); question != null; question = questions.readLine()) {
                if (question.equals("connections")) {
                    System.out.println(proxy.connections());
                } else {
                    lookForLeaks();
                    System.out.println(
                            Counters.of(proxy.connections(), leaks.get()).line());
                }
            }
        }
    }

    /** Buffers that the garbage collector found are told of when the next one is made. */
    private static void lookForLeaks() {
        for (int i = 0; i < 2; i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(16).release();
        }
    }

    private static AtomicLong countLeakReports() {
        AtomicLong reports = new AtomicLong();
        AppenderBase<ILoggingEvent> counter = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                reports.incrementAndGet();
            }
        };
        counter.start();
        ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(counter);
        return reports;
    }
}
