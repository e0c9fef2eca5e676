package io.konnectproxy.bench;

/** What is measured: a line of the table each. */
enum Figure {
    TUNNELS_PER_SECOND(Group.TUNNELS, "tunnels a second, 64 at once", "1/s", 0, Target.atLeast(1.25)),
    CPU_PER_TUNNEL(Group.TUNNELS, "CPU for a tunnel", "ms", 3, Target.atMost(0.9)),
    GENERATOR_CPU(Group.TUNNELS, "CPU of clients and origin for a tunnel", "ms", 3),
    SLEEPS(Group.TUNNELS, "its threads fall asleep for a tunnel", "", 2),
    REPLY_P50(Group.TUNNELS, "CONNECT to 200, 64 at once, p50", "ms", 2),
    REPLY_P99(Group.TUNNELS, "CONNECT to 200, 64 at once, p99", "ms", 2, Target.atMost(1.0)),

    LOOP_TUNNELS(Group.LOOP, "closed loop, tunnels a second, 32 at once", "1/s", 0, Target.atLeast(1.25)),
    LOOP_CPU(Group.LOOP, "closed loop, CPU for a tunnel", "ms", 3, Target.atMost(0.9)),
    LOOP_GENERATOR_CPU(Group.LOOP, "closed loop, CPU of clients and origin for a tunnel", "ms", 3),
    LOOP_SLEEPS(Group.LOOP, "closed loop, its threads fall asleep for a tunnel", "", 2),
    LOOP_P50(Group.LOOP, "closed loop, CONNECT to 200, p50", "ms", 2),
    LOOP_P99(Group.LOOP, "closed loop, CONNECT to 200, p99", "ms", 2, Target.atMost(1.0)),

    DOWN_1(Group.RELAY, "relay down, 1 tunnel", "GB/s", 2, Target.atLeast(2)),
    DOWN_1_CPU(Group.RELAY, "relay down, 1 tunnel, CPU", "s/GB", 2, Target.atMost(0.35)),
    DOWN_4(Group.RELAY, "relay down, 4 tunnels", "GB/s", 2, Target.atLeast(2)),
    DOWN_4_CPU(Group.RELAY, "relay down, 4 tunnels, CPU", "s/GB", 2, Target.atMost(0.35)),
    DOWN_64(Group.RELAY, "relay down, 64 tunnels", "GB/s", 2, Target.atLeast(2)),
    DOWN_64_CPU(Group.RELAY, "relay down, 64 tunnels, CPU", "s/GB", 2, Target.atMost(0.45)),
    UP_1(Group.RELAY, "relay up, 1 tunnel", "GB/s", 2, Target.atLeast(2)),
    UP_1_CPU(Group.RELAY, "relay up, 1 tunnel, CPU", "s/GB", 2, Target.atMost(0.35)),
    UP_4(Group.RELAY, "relay up, 4 tunnels", "GB/s", 2, Target.atLeast(2)),
    UP_4_CPU(Group.RELAY, "relay up, 4 tunnels, CPU", "s/GB", 2, Target.atMost(0.35)),
    UP_64(Group.RELAY, "relay up, 64 tunnels", "GB/s", 2, Target.atLeast(2)),
    UP_64_CPU(Group.RELAY, "relay up, 64 tunnels, CPU", "s/GB", 2, Target.atMost(0.45)),

    ECHO_1_P50(Group.ECHOES, "64 bytes there and back, 1 tunnel, p50", "µs", 0, Target.atMost(1.0)),
    ECHO_1_P99(Group.ECHOES, "64 bytes there and back, 1 tunnel, p99", "µs", 0),
    ECHO_64_P50(Group.ECHOES, "64 bytes there and back, 64 tunnels, p50", "µs", 0, Target.atMost(0.9)),
    ECHO_64_P99(Group.ECHOES, "64 bytes there and back, 64 tunnels, p99", "µs", 0),

    PACED_P50(Group.FLEET, "200 tunnels a second, CONNECT to 200, p50", "ms", 2),
    PACED_P99(Group.FLEET, "200 tunnels a second, CONNECT to 200, p99", "ms", 2),
    PACED_BESIDE_P50(Group.FLEET, "the same beside 5,000 idle tunnels, p50", "ms", 2),
    PACED_BESIDE_P99(Group.FLEET, "the same beside 5,000 idle tunnels, p99", "ms", 2),

    STORM(Group.FLEET, "3,000 clients at once, until all are up", "ms", 0, Target.atMost(1.0)),
    STORM_ERRORS(Group.FLEET, "3,000 clients at once, turned away", "", 0),

    METHOD_NETTY_64(Group.METHODS, "CPU for a tunnel, as above, 64 at once", "ms", 3),
    METHOD_NETTY_32(Group.METHODS, "CPU for a tunnel, as above, 32 at once", "ms", 3),
    METHOD_LOOP(Group.METHODS, "CPU for a tunnel, closed loop", "ms", 3),
    METHOD_ALONE(Group.METHODS, "the same, without the children of the process", "ms", 3),
    METHOD_CLIENTS_1(Group.METHODS, "CPU for a tunnel, closed loop, 1 at a time", "ms", 3),
    METHOD_CLIENTS_8(Group.METHODS, "CPU for a tunnel, closed loop, 8 at once", "ms", 3),
    METHOD_CLIENTS_64(Group.METHODS, "CPU for a tunnel, closed loop, 64 at once", "ms", 3),
    METHOD_LONG_HELLO(Group.METHODS, "CPU for a tunnel, closed loop, hello of 1.8 KB", "ms", 3),
    METHOD_BYTE(Group.METHODS, "CPU for a tunnel, closed loop, one byte answers", "ms", 3),
    METHOD_FLIGHT(Group.METHODS, "CPU for a tunnel, closed loop, 4 KB answer", "ms", 3),
    METHOD_ORIGIN_CLOSES(Group.METHODS, "CPU for a tunnel, closed loop, the origin closes", "ms", 3),
    METHOD_RESET(Group.METHODS, "CPU for a tunnel, closed loop, the client resets", "ms", 3),

    CALLS(Group.CALLS, "system calls for a tunnel", "", 1),

    START(Group.START, "start to listening", "ms", 0),
    FIRST_P50(Group.START, "200 tunnels a second right after a start, p50", "ms", 2),
    FIRST_P99(Group.START, "200 tunnels a second right after a start, p99", "ms", 2),
    REST(Group.START, "resident memory at rest", "MiB", 1),
    IDLE_1000(Group.START, "resident memory for an idle tunnel, 1,000 open", "KiB", 1, Target.atMost(0.5)),
    IDLE_5000(Group.START, "resident memory for an idle tunnel, 5,000 open", "KiB", 1, Target.atMost(0.5)),

    COLD_1(Group.COLD, "CPU for the first tunnel of a fresh process", "ms", 0),
    COLD_100(Group.COLD, "CPU for each of the first 100 tunnels", "ms", 2),
    COLD_1000(Group.COLD, "CPU for each of the first 1,000 tunnels", "ms", 2),
    COLD_10000(Group.COLD, "CPU for each of the first 10,000 tunnels", "ms", 2),
    COLD_3000(Group.COLD, "3,000 clients right after a start, until all are up", "ms", 0),
    COLD_3000_SLOWEST(Group.COLD, "3,000 clients right after a start, slowest CONNECT", "ms", 0),
    COLD_3000_ERRORS(Group.COLD, "3,000 clients right after a start, turned away", "", 0),
    COLD_3000_TIMEOUTS(Group.COLD, "3,000 clients right after a start, of these 504", "", 0),
    COLD_5000(Group.COLD, "5,000 clients right after a start, until all are up", "ms", 0),
    COLD_5000_SLOWEST(Group.COLD, "5,000 clients right after a start, slowest CONNECT", "ms", 0),
    COLD_5000_ERRORS(Group.COLD, "5,000 clients right after a start, turned away", "", 0),
    COLD_5000_TIMEOUTS(Group.COLD, "5,000 clients right after a start, of these 504", "", 0),

    IDLE_HEAP(Group.HEAP, "live heap and buffers for an idle tunnel, 5,000 open", "KiB", 1);

    private final Group group;
    private final String label;
    private final String unit;
    private final int decimals;
    private final double least;
    private final double most;

    Figure(Group group, String label, String unit, int decimals) {
        this(group, label, unit, decimals, Target.NONE);
    }

    Figure(Group group, String label, String unit, int decimals, Target target) {
        this.group = group;
        this.label = label;
        this.unit = unit;
        this.decimals = decimals;
        this.least = target.least();
        this.most = target.most();
    }

    Group group() {
        return group;
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
