package io.konnectproxy.server.command;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.target.ConnectTarget;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the policy's decision on one request, and the reason. It queries no DNS server and opens no socket. */
@Command(
        name = "explain",
        description = "Says whether a tunnel to HOST:PORT would be permitted, and which rule or refusal decides.")
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationOption configuration = new ConfigurationOption();

    @Parameters(
            paramLabel = "HOST:PORT",
            description =
                    "What stands behind CONNECT, like cloud.konghq.com:443; or a URL or a host that stands for it.")
    private String target = "";

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Where the client is. Default: 127.0.0.1")
    private Optional<String> address = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Whose password the client knows.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--certificate",
            paramLabel = "NAME",
            description = "A name in the client's certificate; once for each there is.")
    private List<String> certificateNames = List.of();

    @Override
    public Integer call() throws ConfigurationException {
        Client client = RequestJudge.client(address.map(this::address), user, certificateNames);
        LoadedConfiguration loaded = configuration.load();
        Configuration valid = loaded.configuration();
        RequestJudge judge = new RequestJudge(loaded);
        ConnectTarget verbatim = ConnectTarget.parse(target);
        Optional<String> meant =
                verbatim instanceof ConnectTarget.Malformed ? PastedTarget.read(target) : Optional.empty();
        Judgement judgement =
                judge.judge(client, meant.map(ConnectTarget::parse).orElse(verbatim));
        PrintWriter out = spec.commandLine().getOut();
        ExplainedClient explained = new ExplainedClient(loaded, client, address.isPresent());
        if (!explained.comesIn()) {
            out.println("refused: " + refusal(new Verdict.Refused(Refusal.SOURCE_NOT_ALLOWED)));
            return ExitCode.FAILED;
        }
        out.println(verdict(judgement, valid));
        meant.ifPresent(right -> {
            out.println("taken for: CONNECT " + right);
            if (judge.judge(client, verbatim).verdict() instanceof Verdict.Refused refused) {
                out.println("note: a CONNECT request with exactly what you gave is refused: " + refusal(refused));
            }
        });
        explained.lines(judgement.entry()).forEach(out::println);
        return judgement.verdict() instanceof Verdict.Refused ? ExitCode.FAILED : ExitCode.OK;
    }

    private InetAddress address(String text) {
        return AddressText.read(text)
                .map(AddressText::address)
                .orElseThrow(
                        () -> new ParameterException(spec.commandLine(), "--client '" + text + "' is no IP address"));
    }

    static String verdict(Judgement judgement, Configuration loaded) {
        if (judgement.verdict() instanceof Verdict.Permitted permitted) {
            return "permitted: " + PermitWords.of(permitted.permit(), judgement.entry(), loaded);
        }
        return judgement.verdict() instanceof Verdict.Unenforced unenforced
                ? "would be refused, but is let through (mode: report-only): " + refusal(unenforced.refused())
                : "refused: " + refusal((Verdict.Refused) judgement.verdict());
    }

    private static String refusal(Verdict.Refused refused) {
        return refused.refusal().token() + ", " + refused.refusal().status() + " "
                + refused.refusal().sentence() + ". " + refused.remedy();
    }
}
