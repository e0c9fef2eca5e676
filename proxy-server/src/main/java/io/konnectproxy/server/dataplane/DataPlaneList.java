package io.konnectproxy.server.dataplane;

import java.util.List;

/**
 * The data planes that are known, cp and tp apart.
 *
 * @param states the worst first
 * @param leftOut how many more there are
 * @param crowdedOut how often, since the start, one was forgotten early or not taken up because there was no place for it
 */
public record DataPlaneList(List<DataPlaneState> states, int leftOut, long crowdedOut) {
    public DataPlaneList {
        states = List.copyOf(states);
    }
}
