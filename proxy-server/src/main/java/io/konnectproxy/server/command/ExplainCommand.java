package io.konnectproxy.server.command;

import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.target.ConnectTarget;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what the policy makes of one request, and why. Asks no name server and opens no socket. */
@Command(
        name = "explain",
        description = "Says whether a tunnel to HOST:PORT would be permitted, and which rule or refusal decides.")
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Parameters(paramLabel = "HOST:PORT", description = "What stands behind CONNECT, like cloud.konghq.com:443.")
    private String target = "";

    @Override
    public Integer call() throws ConfigurationException {
        Configuration loaded = configuration.load().configuration();
        PrintWriter out = spec.commandLine().getOut();
        Verdict verdict = new EgressPolicy(loaded.catalog(), loaded.rules(), loaded.clients())
                .judge(
                        new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        ConnectTarget.parse(target));
        if (verdict instanceof Verdict.Permitted permitted) {
            out.println("permitted: " + rule(permitted.permit(), loaded));
            return ExitCode.OK;
        }
        if (verdict instanceof Verdict.Unenforced unenforced) {
            out.println("would be refused, but is let through (mode: report-only): " + refusal(unenforced.refused()));
            return ExitCode.OK;
        }
        out.println("refused: " + refusal((Verdict.Refused) verdict));
        return ExitCode.FAILED;
    }

    private static String rule(TunnelPermit permit, Configuration loaded) {
        if (permit.rule() instanceof Rule.KonnectRule konnect) {
            KonnectMatch match = konnect.match();
            return permit.rule().reason() + ", " + match.host().pattern() + ", purpose "
                    + match.host().purpose()
                    + match.host().region().map(ExplainCommand::inRegion).orElse("")
                    + match.controlPlane()
                            .map(controlPlane -> ", control plane " + controlPlane
                                    + (loaded.rules().controlPlanes().isEmpty() ? " (none is pinned)" : " (pinned)"))
                            .orElse("");
        }
        return permit.rule() instanceof Rule.ExtraHostRule extra
                ? permit.rule().reason() + ", '" + extra.extraHost().name() + "' of extra-hosts"
                : permit.rule().reason();
    }

    private static String inRegion(Region region) {
        return ", region " + region;
    }

    private static String refusal(Verdict.Refused refused) {
        return refused.refusal().token() + ", " + refused.refusal().status() + " "
                + refused.refusal().sentence() + ". " + refused.remedy();
    }
}
