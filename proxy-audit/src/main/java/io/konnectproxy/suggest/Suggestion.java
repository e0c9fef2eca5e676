package io.konnectproxy.suggest;

import java.util.List;
import java.util.Optional;

/**
 * What a trail justifies.
 *
 * @param requests decisions that were read, refusals without a line of their own included
 * @param first the time of the first line of the period, in microseconds since 1970; empty without any
 * @param last the time of the last line
 * @param rules empty where nothing justifies any
 * @param unsuggested requests that the rules refuse, the most frequent first, and those for addresses before all
 * @param unsuggestedRows all of these; only the first are listed
 * @param along requests that justify nothing and are permitted all the same, by rules that other requests justify
 * @param alongRows all of these; only the first are listed
 * @param doubts why the suggestion may lack something: a sentence each; empty if it is complete
 */
public record Suggestion(
        long requests,
        Optional<Long> first,
        Optional<Long> last,
        Optional<SuggestedRules> rules,
        List<UnsuggestedRequest> unsuggested,
        long unsuggestedRows,
        List<UnsuggestedRequest> along,
        long alongRows,
        List<String> doubts) {
    public Suggestion {
        unsuggested = List.copyOf(unsuggested);
        along = List.copyOf(along);
        doubts = List.copyOf(doubts);
    }
}
