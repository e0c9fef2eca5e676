package io.konnectproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.report.IntegrityClaim.Aspect;
import io.konnectproxy.report.IntegrityClaim.Assurance;
import io.konnectproxy.trail.TrailBuilder;
import org.junit.jupiter.api.Test;

/** Claims about the integrity of a trail are not stronger than their ground. */
class IntegrityClaimTest {
    private static IntegrityClaim claim(Story story, Aspect aspect) {
        return story.report().claims().stream()
                .filter(claim -> claim.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    /** The second line is another one, with the number that it should have. */
    private static Story replaced() {
        TrailBuilder other = new TrailBuilder();
        other.event("start", "\"version\":\"2\"");
        other.event("drain", "");
        return new Story()
                .event("start", "\"version\":\"1\"")
                .raw(other.take().get(1))
                .without(1)
                .event("stop", "");
    }

    @Test
    void a_trail_whose_numbers_go_on_and_whose_chain_does_not_is_not_complete() {
        IntegrityClaim complete = claim(replaced(), Aspect.COMPLETE);

        assertThat(complete.assurance()).isEqualTo(Assurance.IN_PART);
        assertThat(complete.ground())
                .contains("numbered without a hole", "Behind trail.jsonl:2 the numbers prove nothing.");
    }

    @Test
    void a_whole_trail_is_complete() {
        assertThat(claim(new Story().event("start", "").event("stop", ""), Aspect.COMPLETE)
                        .assurance())
                .isEqualTo(Assurance.HOLDS);
    }

    @Test
    void a_trail_whose_beginning_is_missing_is_complete_in_part() {
        assertThat(claim(new Story().without(4).event("stop", ""), Aspect.COMPLETE)
                        .assurance())
                .isEqualTo(Assurance.IN_PART);
    }
}
