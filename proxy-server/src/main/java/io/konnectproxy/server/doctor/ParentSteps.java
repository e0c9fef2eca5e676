package io.konnectproxy.server.doctor;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.upstream.ParentDial;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A tunnel through each parent proxy. Thread-safe. */
final class ParentSteps {
    private final Examination examination;
    /** Those that opened a tunnel are reported once. */
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    ParentSteps(Examination examination) {
        this.examination = examination;
    }

    /** The result of asking one parent. */
    private record AskedParent(ParentDial parent, String target, Optional<String> problem, long nanos) {}

    /**
     * The first parent that opened a tunnel.
     *
     * @param address an address of the host, for parents that are asked for one
     */
    Optional<ParentDial> run(TunnelPermit permit, List<ParentDial> parents, Optional<CheckedAddress> address) {
        List<Supplier<AskedParent>> questions = new ArrayList<>();
        parents.forEach(parent -> questions.add(() -> ask(parent, permit, address)));
        List<AskedParent> all = examination.together(questions);
        boolean open = all.stream().anyMatch(each -> each.problem().isEmpty());
        all.forEach(each -> report(each, open));
        return all.stream()
                .filter(each -> each.problem().isEmpty())
                .map(AskedParent::parent)
                .findFirst();
    }

    private void report(AskedParent asked, boolean another) {
        String question = "CONNECT " + asked.target() + " to the parent proxy";
        Optional<String> url = Optional.of(asked.parent().url());
        if (asked.problem().isEmpty()) {
            if (reported.add(asked.parent().url())) {
                examination.report(
                        DoctorStep.PARENT, url, question, new Fine("It has opened the tunnel."), asked.nanos());
            }
            return;
        }
        String next = next(asked.problem().get());
        examination.report(
                DoctorStep.PARENT,
                url,
                question,
                another
                        ? new Doubtful(asked.problem().get() + " Another parent has opened a tunnel.", next)
                        : new Failing(asked.problem().get(), next),
                asked.nanos());
    }

    private static String next(String problem) {
        if (problem.contains("status 407")) {
            return "Give user and password of the parent in its url, or in parents[].credentials-file.";
        }
        return problem.contains("answered with status")
                ? "Ask the operator of the parent to permit CONNECT to port 443 of *.konghq.com."
                : "Check the parent's url, and that it runs and can be reached from here.";
    }

    private AskedParent ask(ParentDial parent, TunnelPermit permit, Optional<CheckedAddress> address) {
        long began = System.nanoTime();
        Optional<String> problem = Optional.empty();
        try (Socket tunnel = open(parent, permit, address)) {
            problem = tunnel.isConnected() ? problem : Optional.of("It is closed.");
        } catch (IOException e) {
            problem = Optional.of(TlsStep.reason(e));
        }
        return new AskedParent(parent, target(parent, permit, address), problem, System.nanoTime() - began);
    }

    Socket open(ParentDial parent, TunnelPermit permit, Optional<CheckedAddress> address) throws IOException {
        Duration patience = examination.patience().answer();
        return parent.open(
                target(parent, permit, address),
                examination.egress(),
                examination.loop(),
                patience,
                socket -> examination.watchdog().closeAfter(socket, patience.multipliedBy(2)));
    }

    private String target(ParentDial parent, TunnelPermit permit, Optional<CheckedAddress> address) {
        if (parent.resolves() || address.isEmpty()) {
            InetSocketAddress name = InetSocketAddress.createUnresolved(
                    permit.authority().host().toString(), permit.authority().port());
            InetSocketAddress to = examination.surroundings().redirect().apply(name);
            return to.getHostString() + ":" + to.getPort();
        }
        return NetUtil.toSocketAddressString(
                examination.surroundings().redirect().apply(address.get().address()));
    }
}
