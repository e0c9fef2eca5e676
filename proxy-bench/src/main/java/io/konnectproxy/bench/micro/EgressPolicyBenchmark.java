package io.konnectproxy.bench.micro;

import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.target.ConnectTarget;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A verdict on a target that was read before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EgressPolicyBenchmark {
    @Param
    public Asked asked = Asked.KONNECT_HOST;

    /** Whether clients have entries of their own. */
    @Param({"false", "true"})
    public boolean entries;

    private ConnectTarget target = new ConnectTarget.Malformed("");
    private EgressPolicy policy = Policies.plain();

    /** What is asked for. */
    public enum Asked {
        KONNECT_HOST("0646a7d680.us.cp0.konghq.com:443", "permitted"),
        EXTRA_HOST("kong.mirror.corp:443", "permitted"),
        FOREIGN_HOST("www.example.com:443", "host_not_konnect"),
        OTHER_REGION("0646a7d680.eu.cp0.konghq.com:443", "region_not_enabled"),
        IP_LITERAL("203.0.113.9:443", "ip_literal");

        private final String text;
        private final String expected;

        Asked(String text, String expected) {
            this.text = text;
            this.expected = expected;
        }
    }

    @Setup
    public void ask() {
        target = ConnectTarget.parse(asked.text);
        policy = entries ? Policies.withEntries() : Policies.plain();
        Judgement judgement = decide();
        String verdict = judgement.verdict() instanceof Verdict.Refused refused
                ? refused.refusal().token()
                : "permitted";
        if (!verdict.equals(asked.expected) || judgement.entry().isPresent() != entries) {
            throw new IllegalStateException(asked + ": " + judgement);
        }
    }

    @Benchmark
    public Judgement decide() {
        return policy.decide(Policies.CLIENT, target);
    }
}
