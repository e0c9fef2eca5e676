package io.konnectproxy.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Figures that are measured together, and can be asked for by this name in lower case. */
enum Group {
    /** 64 clients of Netty. */
    TUNNELS,
    /** 32 clients of the {@link ClosedLoop}. */
    LOOP,
    RELAY,
    ECHOES,
    FLEET,
    /** {@link LoopMethod}s beside each other. */
    METHODS,
    CALLS,
    START,
    COLD,
    HEAP;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is measured on processes that run throughout. */
    boolean isWarm() {
        return this.compareTo(START) < 0;
    }

    /** Whether it is measured of this subject, too. */
    boolean isOf(Subject subject) {
        return switch (this) {
            case TUNNELS, RELAY -> true;
            case ECHOES, FLEET -> !subject.isVariant();
            case LOOP, METHODS, CALLS, START, COLD -> !subject.isVariant() && subject != Subject.DIRECT;
            case HEAP -> subject == Subject.KONNECT_PROXY;
        };
    }

    static Optional<Group> of(String label) {
        return Arrays.stream(values())
                .filter(group -> group.label().equals(label))
                .findFirst();
    }
}
