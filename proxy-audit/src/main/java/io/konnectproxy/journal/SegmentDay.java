package io.konnectproxy.journal;

import io.konnectproxy.trail.RecordedTime;
import java.time.Duration;
import java.time.LocalDate;

/**
 * The day on which a file of the trail was begun. A file ends with the day that the clock shows, as long as that does not jump;
 * after a jump, with the day as the trail counts it, so that a clock that jumps to and fro begins no file each time.
 *
 * @param day that the clock showed
 * @param counted the same as the trail had seen time pass
 * @param ahead by how much the clock was ahead of that
 * @param leapt whether the clock went forward before a start, as it does while a machine is off
 */
record SegmentDay(LocalDate day, LocalDate counted, Duration ahead, boolean leapt) {
    static SegmentDay today(TrailTime time) {
        return new SegmentDay(TrailTime.day(time.clock()), TrailTime.day(time.counted()), time.ahead(), false);
    }

    /** Of a file that was begun before this start. */
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
