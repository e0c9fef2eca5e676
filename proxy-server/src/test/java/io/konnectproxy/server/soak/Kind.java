package io.konnectproxy.server.soak;

/** How a visit of the soak goes, and the lines that it owes the audit trail. */
enum Kind {
    CLIENT_CLOSES(20, 1, 1),
    CLIENT_HALF_CLOSES(10, 1, 1),
    CLIENT_RESETS(8, 1, 1),
    UPSTREAM_FINISHES(8, 1, 1),
    UPSTREAM_RESETS(8, 1, 1),
    SLOW_CLIENT(3, 1, 1),
    SLOW_UPSTREAM(3, 1, 1),
    IDLE_UNTIL_DEADLINE(40, 1, 1),

    FOREIGN_HOST(4, 1, 0),
    MALFORMED_HEAD(4, 1, 0),
    UNKNOWN_NAME(4, 1, 1),
    NOBODY_LISTENS(4, 1, 1),
    OTHER_SERVER_NAME(4, 1, 1),
    NO_TLS(4, 1, 1),

    GONE_AT_ONCE(4, 0, 0),
    GONE_IN_HEAD(4, 1, 0),
    GONE_BEHIND_HEAD(6, 1, 1),
    GONE_IN_HELLO(4, 1, 1),
    GONE_BEHIND_HELLO(4, 1, 1),

    SILENT_UNTIL_DEADLINE(4, 1, 0),
    HALF_A_HEAD_UNTIL_DEADLINE(4, 1, 0),
    HALF_A_HELLO_UNTIL_DEADLINE(4, 1, 1);

    private final int weight;
    private final int decisions;
    private final int tunnels;

    Kind(int weight, int decisions, int tunnels) {
        this.weight = weight;
        this.decisions = decisions;
        this.tunnels = tunnels;
    }

    /** How many of these come among all of them together. */
    int weight() {
        return weight;
    }

    int decisions() {
        return decisions;
    }

    int tunnels() {
        return tunnels;
    }

    /** What the upstream is told. */
    Order order() {
        return switch (this) {
            case UPSTREAM_FINISHES -> Order.FINISH;
            case UPSTREAM_RESETS -> Order.RESET;
            case SLOW_UPSTREAM -> Order.ECHO_SLOWLY;
            default -> Order.ECHO;
        };
    }

    /** Nothing happens until a deadline of the proxy's. */
    boolean waits() {
        return switch (this) {
            case IDLE_UNTIL_DEADLINE, SILENT_UNTIL_DEADLINE, HALF_A_HEAD_UNTIL_DEADLINE, HALF_A_HELLO_UNTIL_DEADLINE ->
                true;
            default -> false;
        };
    }

    /** The client closes as soon as it has all its bytes back. */
    boolean clientCloses() {
        return this == CLIENT_CLOSES || this == SLOW_CLIENT;
    }

    /** The client finishes when it has said everything, and waits for the end. */
    boolean clientFinishes() {
        return this == CLIENT_HALF_CLOSES || this == SLOW_UPSTREAM;
    }
}
