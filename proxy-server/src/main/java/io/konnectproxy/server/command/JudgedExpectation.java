package io.konnectproxy.server.command;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Expectation;
import io.konnectproxy.target.ConnectTarget;
import java.util.Optional;

/**
 * An expectation and what came of its request.
 *
 * @param refusal empty if the request is permitted. One that is not enforced is a refusal too, as in the audit line
 * @param enforced false if the request is let through although it is refused
 * @param reason the remedy of a refusal, or the rule that permits
 */
record JudgedExpectation(Expectation expectation, Optional<Refusal> refusal, boolean enforced, String reason) {
    static JudgedExpectation of(Expectation expectation, RequestJudge judge, Configuration configuration) {
        Client client = RequestJudge.client(expectation.client(), expectation.user(), expectation.certificate());
        ConnectTarget target = ConnectTarget.parse(expectation.connect());
        Judgement judgement = expectation.listener().isPresent()
                ? judge.judge(client, target, expectation.listener().getAsInt())
                : judge.judge(client, target);
        if (judgement.verdict() instanceof Verdict.Permitted permitted) {
            String rule = PermitWords.of(permitted.permit(), judgement.entry(), configuration);
            return new JudgedExpectation(expectation, Optional.empty(), true, rule);
        }
        boolean enforced = judgement.verdict() instanceof Verdict.Refused;
        Verdict.Refused refused = judgement.verdict() instanceof Verdict.Unenforced unenforced
                ? unenforced.refused()
                : (Verdict.Refused) judgement.verdict();
        return new JudgedExpectation(expectation, Optional.of(refused.refusal()), enforced, refused.remedy());
    }

    boolean holds() {
        return refusal.equals(expectation.expected());
    }

    /** {@code permitted}, or the token of the refusal. */
    String result() {
        return word(refusal);
    }

    String expected() {
        return word(expectation.expected());
    }

    private static String word(Optional<Refusal> refusal) {
        return refusal.map(Refusal::token).orElse(Expectation.PERMITTED);
    }

    /** For one that does not hold. */
    String sentence() {
        return expectation.place() + ": connect " + expectation.shownConnect() + ": expected " + expected()
                + ", but it is " + result() + (enforced ? "" : ", though let through by mode report-only") + " ("
                + reason
                + ")";
    }
}
