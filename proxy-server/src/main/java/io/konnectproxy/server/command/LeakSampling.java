package io.konnectproxy.server.command;

/**
 * Lets Netty follow fewer buffers in search of one that is not released. It records a stack trace for each that it follows, by
 * default for one in 128, which took 1 % of the CPU for a tunnel. What leaks with every tunnel is still found within seconds under
 * load.
 */
final class LeakSampling {
    static final String PROPERTY = "io.netty.leakDetection.samplingInterval";

    private static final int ONE_IN = 4096;

    private LeakSampling() {}

    /**
     * Must be called before the first class of Netty is loaded, which reads the property once. A value that the
     * operator has set is kept.
     */
    static void limit() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, Integer.toString(ONE_IN));
        }
    }
}
