package io.konnectproxy.journal;

import java.util.Map;
import java.util.Optional;

/**
 * What a journal counts from its start on.
 *
 * @param lines lines that it wrote, its own among them
 * @param lost records that could not be written, whether or not their requests were served
 * @param missed the lines that each mirror has missed, by the mirror's name in the trail
 * @param archive empty where there is none
 */
public record JournalFigures(long lines, long lost, Map<String, Long> missed, Optional<ArchiveFigures> archive) {
    public JournalFigures {
        missed = Map.copyOf(missed);
    }
}
