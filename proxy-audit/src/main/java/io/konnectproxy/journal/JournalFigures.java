package io.konnectproxy.journal;

import java.util.Map;

/**
 * What a journal counts from its start on.
 *
 * @param lines lines that it wrote, its own among them
 * @param lost records that could not be written, whether or not their requests were served
 * @param missed the lines that each mirror has missed, by the mirror's name in the trail
 */
public record JournalFigures(long lines, long lost, Map<String, Long> missed) {
    public JournalFigures {
        missed = Map.copyOf(missed);
    }
}
