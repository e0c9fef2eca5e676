package io.konnectproxy.bench;

/** What is measured: a line of the table each. */
enum Figure {
    TUNNELS_PER_SECOND("tunnels a second, 64 at once", "1/s", 0, Target.atLeast(1.3)),
    CPU_PER_TUNNEL("CPU for a tunnel", "ms", 3, Target.atMost(0.9)),
    REPLY_P50("CONNECT to 200, 64 at once, p50", "ms", 2),
    REPLY_P99("CONNECT to 200, 64 at once, p99", "ms", 2, Target.atMost(1.0)),

    DOWN_1("relay down, 1 tunnel", "GB/s", 2, Target.atLeast(2)),
    DOWN_1_CPU("relay down, 1 tunnel, CPU", "s/GB", 2, Target.atMost(0.4)),
    DOWN_4("relay down, 4 tunnels", "GB/s", 2, Target.atLeast(2)),
    DOWN_4_CPU("relay down, 4 tunnels, CPU", "s/GB", 2, Target.atMost(0.4)),
    DOWN_64("relay down, 64 tunnels", "GB/s", 2, Target.atLeast(2)),
    DOWN_64_CPU("relay down, 64 tunnels, CPU", "s/GB", 2, Target.atMost(0.4)),
    UP_1("relay up, 1 tunnel", "GB/s", 2, Target.atLeast(2)),
    UP_1_CPU("relay up, 1 tunnel, CPU", "s/GB", 2, Target.atMost(0.4)),
    UP_4("relay up, 4 tunnels", "GB/s", 2, Target.atLeast(2)),
    UP_4_CPU("relay up, 4 tunnels, CPU", "s/GB", 2, Target.atMost(0.4)),
    UP_64("relay up, 64 tunnels", "GB/s", 2, Target.atLeast(2)),
    UP_64_CPU("relay up, 64 tunnels, CPU", "s/GB", 2, Target.atMost(0.4)),

    ECHO_1_P50("64 bytes there and back, 1 tunnel, p50", "µs", 0, Target.atMost(1.0)),
    ECHO_1_P99("64 bytes there and back, 1 tunnel, p99", "µs", 0),
    ECHO_64_P50("64 bytes there and back, 64 tunnels, p50", "µs", 0, Target.atMost(0.9)),
    ECHO_64_P99("64 bytes there and back, 64 tunnels, p99", "µs", 0),

    PACED_P50("200 tunnels a second, CONNECT to 200, p50", "ms", 2),
    PACED_P99("200 tunnels a second, CONNECT to 200, p99", "ms", 2),
    PACED_BESIDE_P50("the same beside 5,000 idle tunnels, p50", "ms", 2),
    PACED_BESIDE_P99("the same beside 5,000 idle tunnels, p99", "ms", 2),

    STORM("3,000 clients at once, until all are up", "ms", 0),
    STORM_ERRORS("3,000 clients at once, turned away", "", 0),

    START("start to listening", "ms", 0),
    FIRST_P50("200 tunnels a second right after a start, p50", "ms", 2),
    FIRST_P99("200 tunnels a second right after a start, p99", "ms", 2),
    REST("resident memory at rest", "MiB", 1),
    IDLE_1000("resident memory for an idle tunnel, 1,000 open", "KiB", 1, Target.atMost(0.5)),
    IDLE_5000("resident memory for an idle tunnel, 5,000 open", "KiB", 1, Target.atMost(0.5)),
    IDLE_HEAP("live heap and buffers for an idle tunnel, 5,000 open", "KiB", 1);

    private final String label;
    private final String unit;
    private final int decimals;
    private final double least;
    private final double most;

    Figure(String label, String unit, int decimals) {
        this(label, unit, decimals, Target.NONE);
    }

    Figure(String label, String unit, int decimals, Target target) {
        this.label = label;
        this.unit = unit;
        this.decimals = decimals;
        this.least = target.least();
        this.most = target.most();
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    /** What our value is to be in relation to Squid's. */
    Target target() {
        return new Target(least, most);
    }

    String format(double value) {
        return String.format("%,." + decimals + "f", value);
    }

    /**
     * A bound of a ratio.
     *
     * @param least the lowest ratio that reaches it
     * @param most the highest one
     */
    record Target(double least, double most) {
        static final Target NONE = new Target(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        static Target atLeast(double ratio) {
            return new Target(ratio, Double.POSITIVE_INFINITY);
        }

        static Target atMost(double ratio) {
            return new Target(Double.NEGATIVE_INFINITY, ratio);
        }

        boolean isReachedBy(double ratio) {
            return least <= ratio && ratio <= most;
        }

        @Override
        public String toString() {
            if (this.equals(NONE)) {
                return "";
            }
            return Double.isFinite(least) ? "≥ " + least : "≤ " + most;
        }
    }
}
