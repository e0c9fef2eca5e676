package io.konnectproxy.server.doctor;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.server.dns.ResolverSurvey;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.upstream.ParentDial;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

    /**
     * A host, and what its name has resolved to.
     *
     * @param ways the parents that it is reached through; none if it is dialled directly
     * @param resolution empty if the parents resolve the name
     * @param mayBeMissing whether its control plane has another name that exists
     */
    private record Named(
            TunnelPermit permit,
            List<ParentDial> ways,
            Optional<Resolution> resolution,
            boolean mayBeMissing,
            long nanos) {
        String host() {
            return permit.authority().host().toString();
        }

        Optional<Refusal> refusal() {
            return resolution
                    .filter(Unresolved.class::isInstance)
                    .map(found -> ((Unresolved) found).refused().refusal());
        }

        boolean isMissing() {
            return refusal().equals(Optional.of(Refusal.DNS_NOT_FOUND));
        }

        boolean isForbidden() {
            return refusal().equals(Optional.of(Refusal.ADDRESS_FORBIDDEN));
        }

        Optional<List<CheckedAddress>> addresses() {
            return resolution.filter(Resolved.class::isInstance).map(found -> ((Resolved) found).addresses());
        }
    }

    /** The hosts that have a name in DNS, or are resolved by a parent. */
    List<TunnelPermit> run(List<HostGroup> groups) {
        List<Supplier<List<Named>>> questions = new ArrayList<>();
        groups.forEach(group -> questions.add(() -> resolve(group)));
        List<Named> all =
                examination.together(questions).stream().flatMap(List::stream).toList();
        reportNames(all);
        List<Supplier<Boolean>> onward = new ArrayList<>();
        all.forEach(each -> onward.add(() -> examine(each)));
        examination.together(onward);
        return all.stream().filter(each -> !each.isMissing()).map(Named::permit).toList();
    }

    private List<Named> resolve(HostGroup group) {
        List<Supplier<Named>> questions = new ArrayList<>();
        group.permits().forEach(permit -> questions.add(() -> resolve(permit)));
        List<Named> named = examination.together(questions);
        boolean mayBeMissing = group.isGuessed() && named.stream().anyMatch(each -> !each.isMissing());
        return named.stream()
                .map(each -> new Named(each.permit, each.ways, each.resolution, mayBeMissing, each.nanos))
                .toList();
    }

    private Named resolve(TunnelPermit permit) {
        List<ParentDial> ways = ParentDial.to(permit.rule(), examination.egress());
        if (!ways.isEmpty() && ways.stream().allMatch(ParentDial::resolves)) {
            return new Named(permit, ways, Optional.empty(), false, 0);
        }
        long began = System.nanoTime();
        Resolution resolution = resolved(permit);
        if (resolution instanceof Resolved) {
            // The first answer may have one family only; by now the cache has that of the other.
            ResolverSurvey survey = examination.survey();
            survey.servers().stream()
                    .map(server -> survey.ask(server, permit.authority().host()))
                    .toList()
                    .forEach(CompletableFuture::join);
            resolution = resolved(permit);
        }
        return new Named(permit, ways, Optional.of(resolution), false, System.nanoTime() - began);
    }

    private Resolution resolved(TunnelPermit permit) {
        var answer =
                examination.egress().resolver().resolve(permit, InetAddress.getLoopbackAddress(), examination.loop());
        answer.awaitUninterruptibly();
        return answer.getNow();
    }

    /** What is the same for many names is reported once. */
    private void reportNames(List<Named> all) {
        Map<Diagnosis, List<Named>> alike = new LinkedHashMap<>();
        all.stream()
                .filter(each -> each.resolution().isPresent())
                .forEach(each -> alike.computeIfAbsent(dns(each), key -> new ArrayList<>())
                        .add(each));
        alike.forEach((diagnosis, names) -> {
            String host = names.get(0).host();
            String others = names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
            examination.report(
                    DoctorStep.DNS,
                    Optional.of(host + others),
                    "The addresses of " + names.stream().map(Named::host).collect(Collectors.joining(", "))
                            + ", as the proxy asks for them",
                    diagnosis,
                    names.stream().mapToLong(Named::nanos).max().orElse(0));
        });
    }

    private boolean examine(Named named) {
        if (named.resolution().isEmpty()) {
            return through(named.permit(), named.ways(), Optional.empty());
        }
        if (named.addresses().isPresent() || named.isForbidden()) {
            examination.report(
                    DoctorStep.ADDRESSES,
                    Optional.of(named.host()),
                    "Whether these addresses may be dialled",
                    addresses(named.resolution().get()),
                    0);
        }
        return named.addresses()
                .map(addresses -> named.ways().isEmpty()
                        ? direct(named.permit(), addresses)
                        : through(named.permit(), named.ways(), Optional.of(addresses.get(0))))
                .orElse(false);
    }

    private static Diagnosis dns(Named named) {
        if (named.addresses().isPresent()) {
            int count = named.addresses().get().size();
            return new Fine(count == 1 ? "1 address." : count + " addresses.");
        }
        Unresolved unresolved = (Unresolved) named.resolution().orElseThrow();
        if (named.isForbidden()) {
            return new Fine("An answer came.");
        }
        if (named.isMissing() && named.mayBeMissing()) {
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
                        + " Konnect's addresses are public: the resolver lies or rewrites, unless this is PrivateLink.",
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
