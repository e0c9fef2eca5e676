package io.konnectproxy.server.doctor;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.upstream.ParentDial;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The way to the hosts of one group: DNS, addresses, parents or TCP, TLS. */
final class HostSteps {
    private final Examination examination;
    private final TcpStep tcp;
    private final TlsStep tls;
    private final ParentSteps parents;

    HostSteps(Examination examination, ParentSteps parents, TimeComparison times) {
        this.examination = examination;
        this.tcp = new TcpStep(examination);
        this.tls = new TlsStep(examination, times);
        this.parents = parents;
    }

    private record Named(TunnelPermit permit, Resolution resolution, long nanos) {
        String host() {
            return permit.authority().host().toString();
        }

        boolean isMissing() {
            return resolution instanceof Unresolved unresolved
                    && unresolved.refused().refusal() == Refusal.DNS_NOT_FOUND;
        }
    }

    /** The hosts that have a name in DNS, or are resolved by a parent. */
    List<TunnelPermit> run(HostGroup group) {
        List<Supplier<Named>> questions = new ArrayList<>();
        group.permits().forEach(permit -> questions.add(() -> resolve(permit)));
        List<Named> named = examination.together(questions);
        boolean anyFound = named.stream().anyMatch(each -> !each.isMissing());
        List<Supplier<Boolean>> onward = new ArrayList<>();
        named.forEach(each -> onward.add(() -> examine(each, group.isGuessed() && anyFound)));
        examination.together(onward);
        return named.stream()
                .filter(each -> !each.isMissing())
                .map(Named::permit)
                .toList();
    }

    private Named resolve(TunnelPermit permit) {
        long began = System.nanoTime();
        Resolution resolution = resolved(permit);
        if (resolution instanceof Resolved) {
            // The first answer may have one family only; by now the cache has that of the other.
            examination
                    .survey()
                    .servers()
                    .forEach(server -> examination
                            .survey()
                            .ask(server, permit.authority().host())
                            .join());
            resolution = resolved(permit);
        }
        return new Named(permit, resolution, System.nanoTime() - began);
    }

    private Resolution resolved(TunnelPermit permit) {
        var answer =
                examination.egress().resolver().resolve(permit, InetAddress.getLoopbackAddress(), examination.loop());
        answer.awaitUninterruptibly();
        return answer.getNow();
    }

    private boolean examine(Named named, boolean mayBeMissing) {
        List<ParentDial> ways = ParentDial.to(named.permit().rule(), examination.egress());
        if (!ways.isEmpty() && ways.stream().allMatch(ParentDial::resolves)) {
            return through(named.permit(), ways, Optional.empty());
        }
        Diagnosis dns = dns(named, mayBeMissing);
        examination.report(
                DoctorStep.DNS,
                Optional.of(named.host()),
                "The addresses of " + named.host() + ", as the proxy asks for them",
                dns,
                named.nanos());
        if (!(named.resolution() instanceof Resolved) && !isForbidden(named)) {
            return false;
        }
        examination.report(
                DoctorStep.ADDRESSES,
                Optional.of(named.host()),
                "Whether these addresses may be dialled",
                addresses(named.resolution()),
                0);
        if (!(named.resolution() instanceof Resolved resolved)) {
            return false;
        }
        return ways.isEmpty()
                ? direct(named.permit(), resolved.addresses())
                : through(named.permit(), ways, Optional.of(resolved.addresses().get(0)));
    }

    private static boolean isForbidden(Named named) {
        return named.resolution() instanceof Unresolved unresolved
                && unresolved.refused().refusal() == Refusal.ADDRESS_FORBIDDEN;
    }

    private static Diagnosis dns(Named named, boolean mayBeMissing) {
        if (named.resolution() instanceof Resolved resolved) {
            int count = resolved.addresses().size();
            return new Fine(count == 1 ? "1 address." : count + " addresses.");
        }
        Unresolved unresolved = (Unresolved) named.resolution();
        if (isForbidden(named)) {
            return new Fine("An answer came.");
        }
        if (named.isMissing() && mayBeMissing) {
            return new Fine("There is no such name. The control plane has others of those that its pin permits.");
        }
        return new Failing(
                unresolved.hint().orElse(unresolved.refused().refusal().sentence() + "."), next(named));
    }

    private static String next(Named named) {
        if (!named.isMissing()) {
            return "Check that the resolvers under 'resolvers' can be reached on port 53, UDP and TCP; others are named under"
                    + " dns.servers.";
        }
        return named.permit().rule() instanceof Rule.KonnectRule konnect
                        && konnect.match().label().isEmpty()
                ? "This name exists for everybody: name resolvers under dns.servers that know the Internet's names, or leave"
                        + " them to a parent with dns: parent."
                : "Compare the name with that in Kong or in Konnect. If it is right, ask whoever runs the resolvers under"
                        + " 'resolvers'.";
    }

    private static Diagnosis addresses(Resolution resolution) {
        if (resolution instanceof Resolved resolved) {
            return new Fine(resolved.addresses().stream().map(TcpStep::text).collect(Collectors.joining(", "))
                    + " may be dialled.");
        }
        return new Failing(
                ((Unresolved) resolution).hint().orElse("It is forbidden.")
                        + " The resolver lies or rewrites, unless Konnect has a private address here on purpose.",
                "Name another resolver under dns.servers. For PrivateLink, enable that purpose and list its blocks under"
                        + " permit-addresses.");
    }

    private boolean direct(TunnelPermit permit, List<CheckedAddress> addresses) {
        Optional<CheckedAddress> answers = tcp.run(permit.authority().host().toString(), addresses);
        answers.ifPresent(address -> tls.run(permit, TcpStep.text(address), () -> tcp.open(address)));
        return answers.isPresent();
    }

    private boolean through(TunnelPermit permit, List<ParentDial> ways, Optional<CheckedAddress> address) {
        Optional<ParentDial> opened = parents.run(permit, ways, address);
        opened.ifPresent(
                parent -> tls.run(permit, "the parent " + parent.url(), () -> parents.open(parent, permit, address)));
        return opened.isPresent();
    }
}
