package io.konnectproxy.bench.siege;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code .ci/siege} was asked for.
 *
 * @param only ids of the attacks; empty for all
 * @param seconds that each attack lasts
 */
record Options(Set<String> only, int seconds) {
    private static final int DEFAULT_SECONDS = 15;
    private static final int MOST_SECONDS = 600;

    Options {
        only = Set.copyOf(only);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException("--seconds is a number from 1 to " + MOST_SECONDS + ".");
        }
    }

    /**
     * @throws IllegalArgumentException with a sentence about what is wrong
     */
    static Options parse(List<String> arguments) {
        Set<String> only = Set.of();
        int seconds = DEFAULT_SECONDS;
        for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
            String option = left.next();
            if (!left.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value.");
            }
            String value = left.next();
            switch (option) {
                case "--only" -> only = Set.of(value.toUpperCase(Locale.ROOT).split(",", -1));
                case "--seconds" -> seconds = number(value);
                default -> throw new IllegalArgumentException("There is no option " + option + ".");
            }
        }
        return new Options(only, seconds);
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--seconds is a number.", e);
        }
    }

    /**
     * Refuses what would run nothing.
     *
     * @throws IllegalArgumentException with a sentence about it
     */
    void requireKnown(List<String> ids, String all) {
        for (String id : only) {
            if (!id.equals(all)
                    && ids.stream()
                            .noneMatch(known -> known.equals(id) || group(known).equals(id))) {
                throw new IllegalArgumentException(
                        "There is no attack " + id + ", but " + String.join(", ", ids) + ", " + all + ".");
            }
        }
    }

    private static String group(String id) {
        return id.replaceFirst("\\..*", "");
    }

    /** Of A2.1 also where A2 is wanted. */
    boolean wants(String id) {
        return only.isEmpty() || only.contains(id) || only.contains(group(id));
    }

    /**
     * How the proxy's process is started, told by the script in system properties.
     *
     * @param group a control group of that memory; empty where none can be made
     * @param memory bytes that the process may have
     * @param flags for Java, besides those of the file
     */
    record Launch(Path jar, Path flagFile, List<String> flags, long memory, Optional<Path> group) {
        Launch {
            flags = List.copyOf(flags);
        }

        static Launch ofProperties() {
            return new Launch(
                    Path.of(property("konnect-proxy.jar")).toAbsolutePath(),
                    Path.of(property("jvm.options")).toAbsolutePath(),
                    Stream.of(property("siege.flags").split(" +", -1))
                            .filter(flag -> !flag.isEmpty())
                            .toList(),
                    Long.parseLong(property("siege.memory")),
                    Optional.of(property("siege.group"))
                            .filter(group -> !group.isEmpty())
                            .map(Path::of));
        }

        private static String property(String name) {
            String value = System.getProperty(name);
            if (value == null) {
                throw new IllegalArgumentException("Start this by .ci/siege: there is no property " + name + ".");
            }
            return value;
        }
    }
}
