package io.konnectproxy.server.config;

import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A line of a file, or an environment variable.
 *
 * @param source a file or the name of an environment variable
 * @param line from 1; 0 for a variable or a whole file
 */
public record SourceLocation(String source, int line) {
    static SourceLocation variable(String name) {
        return new SourceLocation(name, 0);
    }

    /** Whether this is an environment variable. */
    public boolean isVariable() {
        return line == 0 && source.startsWith(Environment.PREFIX);
    }

    /** The line of a mark, unless this is a variable; the YAML engine counts lines from 0. */
    SourceLocation at(Mark mark) {
        return line == 0 ? this : new SourceLocation(source, mark.getLine() + 1);
    }

    /** The form that editors and terminals turn into a link, {@code konnect-proxy.yaml:12}. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
