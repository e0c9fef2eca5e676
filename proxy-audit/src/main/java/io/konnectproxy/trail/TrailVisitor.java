package io.konnectproxy.trail;

import java.io.IOException;

/** Receives the files of a trail and their lines in order. An array is valid only during the call. */
public interface TrailVisitor {
    /** Two files of the trail begin with the same number, and differ. Both follow. */
    default void twins(Segment one, Segment other) {}

    /** A file begins. All other calls until the next one are about it. */
    void begins(Segment segment);

    /**
     * A line, of whatever form.
     *
     * @param end the position after its last byte, which is not the line feed
     * @param number of the line in the file, from 1
     */
    void line(byte[] bytes, int from, int end, long number);

    /**
     * The file ends with bytes that are no line, because there is no line feed.
     *
     * @param number that the line would have
     */
    void unfinished(long number, long bytes);

    /**
     * The file cannot be read from here on, or not at all.
     *
     * @param number of the first line that could not be read
     */
    void unreadable(long number, IOException reason);

    /** The file has ended, or cannot be read any more. */
    void ended(long lines);

    /** Whether nothing more needs to be read. */
    default boolean isDone() {
        return false;
    }
}
