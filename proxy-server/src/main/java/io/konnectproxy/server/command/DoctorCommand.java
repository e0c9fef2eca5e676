package io.konnectproxy.server.command;

import io.konnectproxy.keys.KeyFileException;
import io.konnectproxy.keys.PasswordFile;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.log.MutedLog;
import io.konnectproxy.server.Reloads;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.doctor.Diagnosis;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.doctor.Doctor;
import io.konnectproxy.server.doctor.DoctorStep;
import io.konnectproxy.server.doctor.StepReport;
import io.konnectproxy.server.doctor.StepReport.Grade;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doctor}: examines the way from here to Konnect, and prints each step as it ends. */
@Command(
        name = "doctor",
        description = {
            "Examines the way from here to Konnect step by step, beside a running proxy or without one.",
            "Ends with 0 if all is well, 1 if there are warnings, 2 if a step has failed. It changes nothing."
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--user", paramLabel = "NAME", description = "Who comes in, where a listener demands credentials.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the user's password, alone in one line.")
    private Optional<Path> passwordFile = Optional.empty();

    @Parameters(
            arity = "0..1",
            paramLabel = "HOST",
            description = "The Konnect host to try. Default: hosts that the configuration permits in each region.")
    private Optional<String> host = Optional.empty();

    @Override
    public Integer call() {
        Optional<Secret> login = login();
        List<StepReport> reports = new ArrayList<>();
        DoctorText text = new DoctorText(spec.commandLine().getOut());
        boolean json = output.isJson();
        Consumer<StepReport> sink = report -> {
            reports.add(report);
            if (!json) {
                text.print(report);
            }
        };
        examine(login, sink);
        if (json) {
            DoctorJson.write(configuration.file(), reports, spec.commandLine().getOut());
        } else {
            text.printSum(reports);
        }
        return exitCode(reports);
    }

    private Optional<Secret> login() {
        if (user.isEmpty() && passwordFile.isEmpty()) {
            return Optional.empty();
        }
        if (user.isEmpty() || passwordFile.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--user and --password-file belong together.");
        }
        try {
            return Optional.of(new Secret(user.get() + ":" + new String(PasswordFile.read(passwordFile.get()))));
        } catch (KeyFileException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private void examine(Optional<Secret> login, Consumer<StepReport> sink) {
        long began = System.nanoTime();
        Optional<LoadedConfiguration> loaded = Optional.empty();
        Diagnosis diagnosis;
        try {
            loaded = Optional.of(configuration.load());
            diagnosis = valid(loaded.get());
        } catch (ConfigurationException e) {
            diagnosis = invalid(e);
        }
        sink.accept(new StepReport(
                DoctorStep.CONFIGURATION,
                Optional.empty(),
                "Whether " + configuration.file() + " can be used",
                diagnosis,
                Duration.ofNanos(System.nanoTime() - began)));
        loaded.ifPresent(valid -> {
            DoctorHosts hosts = DoctorHosts.of(valid, host);
            sink.accept(hosts.report());
            KonnectProxyCommand root = (KonnectProxyCommand) spec.root().userObject();
            // What is wrong with resolv.conf stands in the step 'resolvers'.
            Doctor doctor = new Doctor(valid, root.surroundings(), login, sink);
            MutedLog.during("io.konnectproxy.server.dns", () -> doctor.examine(hosts.groups()));
        });
    }

    private Diagnosis valid(LoadedConfiguration loaded) {
        String digest = "It is valid; its digest is " + Reloads.digest(loaded.configuration()) + ".";
        int warnings = loaded.warnings().size();
        return warnings == 0
                ? new Fine(digest)
                : new Doubtful(
                        digest
                                + (warnings == 1
                                        ? " 1 warning: "
                                        : " " + warnings + " warnings, the first of which is: ")
                                + loaded.warnings().get(0),
                        "See 'konnect-proxy check -c " + configuration.file() + "'.");
    }

    private Diagnosis invalid(ConfigurationException problem) {
        int all = problem.problems().size();
        return new Failing(
                problem.problems().get(0) + (all == 1 ? "" : " (and " + (all - 1) + " more)"),
                "Correct it; 'konnect-proxy check -c " + configuration.file() + "' names all problems.");
    }

    private static int exitCode(List<StepReport> reports) {
        if (reports.stream().anyMatch(report -> report.grade() == Grade.FAIL)) {
            return ExitCode.UNWELL;
        }
        return reports.stream().anyMatch(report -> report.grade() == Grade.WARN) ? ExitCode.FAILED : ExitCode.OK;
    }
}
