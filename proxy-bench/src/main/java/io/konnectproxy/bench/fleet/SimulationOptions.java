package io.konnectproxy.bench.fleet;

import java.util.Iterator;
import java.util.List;

/**
 * What {@code .ci/fleet} was asked for.
 *
 * @param seconds that the data planes work
 */
record SimulationOptions(int proxies, int dataPlanes, int seconds) {
    /** Three are lost, two killed, one restarted, and two left alone. */
    private static final int FEWEST_PROXIES = 8;

    /** Each has an address of its own in one network of 65,536. */
    private static final int MOST_DATA_PLANES = 10_000;

    private static final int MOST_PROXIES = 100;
    private static final int FEWEST_SECONDS = 20;
    private static final int MOST_SECONDS = 600;

    SimulationOptions {
        between("--proxies", proxies, FEWEST_PROXIES, MOST_PROXIES);
        between("--data-planes", dataPlanes, proxies, MOST_DATA_PLANES);
        between("--seconds", seconds, FEWEST_SECONDS, MOST_SECONDS);
    }

    /**
     * @throws IllegalArgumentException with a sentence about what is wrong
     */
    static SimulationOptions parse(List<String> arguments) {
        int proxies = 20;
        int dataPlanes = 2_000;
        int seconds = 120;
        for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
            String option = left.next();
            if (!left.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value.");
            }
            int value = number(option, left.next());
            switch (option) {
                case "--proxies" -> proxies = value;
                case "--data-planes" -> dataPlanes = value;
                case "--seconds" -> seconds = value;
                default -> throw new IllegalArgumentException("There is no option " + option + ".");
            }
        }
        return new SimulationOptions(proxies, dataPlanes, seconds);
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is a number.", e);
        }
    }

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " is a number from " + least + " to " + most + ".");
        }
    }
}
