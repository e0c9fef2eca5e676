package io.konnectproxy.parquet;

import java.util.regex.Pattern;

/**
 * A column of a file.
 *
 * @param name lower case, with underscores
 * @param required whether no row may be without a value
 */
public record ParquetColumn(String name, Type type, boolean required) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    public ParquetColumn {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a column: " + name);
        }
    }

    /** The type of a column's values. */
    public enum Type {
        /** A {@link String}. */
        TEXT(6),
        /** A {@link Long} that 32 bits hold. */
        INT(1),
        /** A {@link Long}. */
        LONG(2),
        /** A {@link Long}: microseconds since 1970, UTC. */
        TIMESTAMP(2),
        /** A {@link Boolean}. */
        FLAG(0);

        /** The number of the physical type in the format. */
        private final int physical;

        Type(int physical) {
            this.physical = physical;
        }

        int physical() {
            return physical;
        }
    }
}
