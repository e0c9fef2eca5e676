package io.konnectproxy.support;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers for a {@link StandInDns}, and a record of what was asked. Any thread. */
public final class DnsQuestions implements Function<StandInDns.Question, StandInAnswer> {
    private final Function<StandInDns.Question, StandInAnswer> answers;
    private final List<StandInDns.Question> asked = new CopyOnWriteArrayList<>();

    public DnsQuestions(Function<StandInDns.Question, StandInAnswer> answers) {
        this.answers = answers;
    }

    @Override
    public StandInAnswer apply(StandInDns.Question question) {
        asked.add(question);
        return answers.apply(question);
    }

    /** All so far in the order in which they came, unanswered and repeated ones included. */
    public List<StandInDns.Question> all() {
        return List.copyOf(asked);
    }

    /** How often addresses of this name were asked for, IPv4 only since a resolver asks for both. */
    public long times(String name) {
        return asked.stream()
                .filter(question ->
                        DnsAnswers.isIpv4(question) && question.name().equals(name))
                .count();
    }
}
