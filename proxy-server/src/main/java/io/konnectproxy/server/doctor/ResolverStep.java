package io.konnectproxy.server.doctor;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dns.ResolverSurvey;
import io.konnectproxy.server.dns.ResolverSurvey.ServerAnswer;
import io.konnectproxy.server.dns.ResolversInForce;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The resolvers: each is asked by itself for a host, and for a name that cannot exist. {@code invalid} is reserved for such names
 * (RFC 6761, section 6.4).
 */
final class ResolverStep {
    private static final String WARNING = "warning: ";

    private final Examination examination;
    private final ResolverSurvey survey;

    ResolverStep(Examination examination) {
        this.examination = examination;
        this.survey = examination.survey();
    }

    void run(TunnelPermit permit) {
        HostName host = permit.authority().host();
        HostName invented =
                HostName.of("konnect-proxy-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + ".invalid");
        examination.examine(
                DoctorStep.RESOLVERS,
                Optional.empty(),
                "Each resolver for " + host + ", and for " + invented + ", which cannot exist",
                () -> diagnose(answers(host), answers(invented)));
    }

    private List<ServerAnswer> answers(HostName name) {
        List<CompletableFuture<ServerAnswer>> asked = new ArrayList<>();
        survey.servers().forEach(server -> asked.add(survey.ask(server, name)));
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private Diagnosis diagnose(List<ServerAnswer> real, List<ServerAnswer> invented) {
        List<String> sentences =
                ResolversInForce.sentences(examination.configuration().dns());
        Optional<String> warning = sentences.stream()
                .filter(sentence -> sentence.startsWith(WARNING))
                .map(sentence -> sentence.substring(WARNING.length()))
                .findFirst();
        if (real.isEmpty()) {
            return new Failing(warning.orElse("no name can be resolved") + ".", "Name resolvers under dns.servers.");
        }
        Optional<ServerAnswer> rewriting =
                invented.stream().filter(each -> !each.addresses().isEmpty()).findFirst();
        if (rewriting.isPresent()) {
            return new Failing(
                    "The resolver " + text(rewriting.get().server()) + " has the address "
                            + text(rewriting.get().addresses()) + " for a name that cannot exist: it rewrites answers.",
                    "Name a resolver that does not, under dns.servers.");
        }
        List<ServerAnswer> silent =
                real.stream().filter(each -> !each.answered()).toList();
        if (silent.size() == real.size()) {
            return new Failing(
                    silent.stream()
                            .map(each ->
                                    text(each.server()) + ": " + each.problem().orElse(""))
                            .collect(Collectors.joining(" ")),
                    "Check that they can be reached on port 53, UDP and TCP; name others under dns.servers.");
        }
        if (!silent.isEmpty()) {
            return new Doubtful(
                    "The resolver " + text(silent.get(0).server()) + " does not help: "
                            + silent.get(0).problem().orElse("")
                            + " Where it comes first, every new name takes longer.",
                    "Take it out of dns.servers or /etc/resolv.conf, or have it answer.");
        }
        return differing(real)
                .or(() -> warning.map(sentence -> new Doubtful(sentence, "Correct that line.")))
                .orElse(new Fine(sentences.get(0) + " An invented name does not exist for "
                        + (real.size() == 1 ? "it." : "any of them.")));
    }

    /** Different public addresses are usual; that one resolver has none, or has private ones, is not. */
    private static Optional<Diagnosis> differing(List<ServerAnswer> real) {
        ServerAnswer first = real.get(0);
        return real.stream()
                .filter(each -> each.addresses().isEmpty() != first.addresses().isEmpty()
                        || isPrivate(each) != isPrivate(first))
                .findFirst()
                .map(other -> new Doubtful(
                        "The resolvers differ: " + words(first) + ", and " + words(other)
                                + ". Which of them is asked depends on who answers in time.",
                        "Make them agree, or name only the right ones under dns.servers."));
    }

    private static boolean isPrivate(ServerAnswer answer) {
        return answer.addresses().stream()
                .anyMatch(address -> address.isSiteLocalAddress()
                        || address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isAnyLocalAddress());
    }

    private static String words(ServerAnswer answer) {
        return text(answer.server()) + " says "
                + (answer.addresses().isEmpty() ? "that there is no such name" : text(answer.addresses()));
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().limit(4).map(AddressText::of).collect(Collectors.joining(", "));
    }

    private static String text(InetSocketAddress server) {
        return NetUtil.toSocketAddressString(server);
    }
}
