package io.konnectproxy.journal;

import io.konnectproxy.trail.RecordedTime;
import java.time.Duration;
import java.time.LocalDate;

/**
 * The day on which a file of the trail was begun. A file ends with the day of the clock, as long as the clock does not
 * jump. After a jump it ends only when the counted day has ended too, so that a clock that jumps back and forth does
 * not begin a file each time.
 *
 * @param day by the clock
 * @param counted the day by the trail's counted time
 * @param ahead how far the clock was ahead of the counted time
 * @param leapt whether the clock had gone forward at the start, as it does while a machine is off
 */
record SegmentDay(LocalDate day, LocalDate counted, Duration ahead, boolean leapt) {
    static SegmentDay today(TrailTime time) {
        return new SegmentDay(TrailTime.day(time.clock()), TrailTime.day(time.counted()), time.ahead(), false);
    }

    /** The day of a file that was begun before this start. */
    static SegmentDay of(RecordedTime head, TrailTime time) {
        return new SegmentDay(TrailTime.day(head.line()), TrailTime.day(head.counted()), head.ahead(), time.hasLeapt());
    }

    boolean isOver(TrailTime time) {
        LocalDate today = TrailTime.day(time.clock());
        return (leapt || ahead.equals(time.ahead()))
                ? today.isAfter(day)
                : !today.equals(day) && !TrailTime.day(time.counted()).equals(counted);
    }
}
