package io.konnectproxy.bench.micro;

import java.util.Collection;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks, all or those that JMH's own arguments choose, and prints one line for each. */
public final class Micro {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Micro() {}

    public static void main(String[] arguments) throws Exception {
        CommandLineOptions chosen = new CommandLineOptions(arguments);
        if (chosen.shouldHelp()
                || chosen.shouldList()
                || chosen.shouldListWithParams()
                || chosen.shouldListProfilers()) {
            Main.main(arguments);
            return;
        }
        OptionsBuilder options = new OptionsBuilder();
        options.parent(chosen).addProfiler(GCProfiler.class).shouldFailOnError(true);
        // Long enough for the compiler to have done its work and short enough that somebody waits for it.
        options.forks(chosen.getForkCount().orElse(1))
                .warmupIterations(chosen.getWarmupIterations().orElse(2))
                .warmupTime(chosen.getWarmupTime().orElse(TimeValue.milliseconds(700)))
                .measurementIterations(chosen.getMeasurementIterations().orElse(5))
                .measurementTime(chosen.getMeasurementTime().orElse(TimeValue.milliseconds(300)));
        print(new Runner(options.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        System.out.printf("%n%-64s %12s %10s %10s%n", "", "ns", "+/-", "bytes");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
            System.out.printf(
                    "%-64s %,12.0f %,10.0f %,10.0f%n",
                    name(result.getParams()), time.getScore(), time.getScoreError(), bytes.getScore());
        }
    }

    /** {@code ClientHello.read bytes=JDK cut=whole}. */
    private static String name(BenchmarkParams benchmark) {
        String[] path = benchmark.getBenchmark().split("\\.", -1);
        String step = path[path.length - 2].replace("Benchmark", "") + "." + path[path.length - 1];
        return benchmark.getParamsKeys().stream()
                .map(key -> " " + key + "=" + benchmark.getParam(key))
                .collect(Collectors.joining("", step, ""));
    }
}
