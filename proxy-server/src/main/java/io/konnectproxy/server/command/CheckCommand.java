package io.konnectproxy.server.command;

import io.konnectproxy.server.Reloads;
import io.konnectproxy.server.config.ConfigurationSummary;
import io.konnectproxy.server.config.LoadedConfiguration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Loads the configuration, prints the effective settings, and judges the requests of a file of expectations. It opens no
 * socket.
 */
@Command(
        name = "check",
        description = "Checks the configuration and prints what it amounts to, and where each value came from.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Option(names = "--strict", description = "Ends with 1 if there is any warning.")
    private boolean strict;

    @Option(
            names = "--tests",
            paramLabel = "FILE",
            description =
                    "Requests and what is expected of each, YAML or JSON. Ends with 1 if an expectation does not hold.")
    private Optional<Path> tests = Optional.empty();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        CheckResult result = CheckResult.of(configuration, tests);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            CheckJson.write(configuration.file(), result, out);
        } else if (result.problems().isEmpty()) {
            print(result.loaded().orElseThrow(), result, out);
        } else {
            result.problems().forEach(spec.commandLine().getErr()::println);
        }
        return result.exitCode(strict);
    }

    private void print(LoadedConfiguration loaded, CheckResult result, PrintWriter out) {
        new ConfigurationSummary(loaded).full().forEach(out::println);
        result.surroundings().forEach(out::println);
        out.println(
                "configuration " + Reloads.digest(loaded.configuration()) + ", as /readyz and the audit trail name it");
        out.println();
        HostsCommand.print(loaded.configuration(), out);
        result.expectations().ifPresent(all -> {
            out.println();
            result.failed().forEach(each -> out.println(each.sentence()));
            out.println(sum(all.size(), result.failed().size()));
        });
        int warnings = result.warnings().size();
        if (strict && warnings > 0) {
            out.println(
                    warnings == 1
                            ? "1 warning counts as an error (--strict)"
                            : warnings + " warnings count as errors (--strict)");
        }
    }

    private static String sum(int all, int failed) {
        if (failed == 0) {
            return all == 1 ? "1 expectation holds" : all + " expectations hold";
        }
        return failed + " of " + all + (all == 1 ? " expectation" : " expectations") + (failed == 1 ? " does" : " do")
                + " not hold";
    }
}
