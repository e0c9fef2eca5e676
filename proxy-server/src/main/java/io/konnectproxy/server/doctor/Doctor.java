package io.konnectproxy.server.doctor;

import io.konnectproxy.keys.Secret;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.config.LoadedConfiguration;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.upstream.Egress;
import io.konnectproxy.server.upstream.ParentDial;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs all steps behind the configuration and the policy, in the order of {@link DoctorStep} where they do not run together. */
public final class Doctor {
    private final LoadedConfiguration loaded;
    private final Surroundings surroundings;
    private final Optional<Secret> login;
    private final Reports reports;

    /**
     * Prepares an examination; nothing is opened yet.
     *
     * @param login {@code user:password} for listeners of the running proxy that demand credentials
     * @param sink gets each report as soon as its step has ended, one at a time, on any thread
     */
    public Doctor(
            LoadedConfiguration loaded, Surroundings surroundings, Optional<Secret> login, Consumer<StepReport> sink) {
        this.loaded = loaded;
        this.surroundings = surroundings;
        this.login = login;
        this.reports = new Reports(sink);
    }

    /**
     * Examines everything, and returns when it has ended.
     *
     * @param groups may be empty; then only what needs no host is examined
     */
    public void examine(List<HostGroup> groups) {
        new LocalSteps(reports, surroundings.clock().instant()).run(loaded);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("doctor-dns", true), NioIoHandler.newFactory());
        try (Egress egress = Egress.open(loaded.configuration(), loops.next(), surroundings.redirect());
                Examination examination =
                        new Examination(loaded.configuration(), surroundings, egress, loops.next(), reports)) {
            examine(groups, examination);
        } catch (SocketException e) {
            cannotLeave(
                    "This machine has no network interface that is up: " + TlsStep.reason(e) + ".",
                    "Bring one up: ip address, ip link.");
        } catch (IOException e) {
            cannotLeave(TlsStep.reason(e), "Correct source-address, dns.family or parents.");
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private void cannotLeave(String came, String next) {
        reports.report(DoctorStep.TCP, Optional.empty(), "The way out of this machine", new Failing(came, next), 0);
    }

    private void examine(List<HostGroup> groups, Examination examination) {
        TimeComparison times = new TimeComparison(surroundings);
        HostSteps hosts = new HostSteps(examination, new ParentSteps(examination), times);
        if (!groups.isEmpty()) {
            // A name that exists for everybody, if there is one.
            TunnelPermit first = groups.stream()
                    .filter(group -> !group.isGuessed())
                    .findFirst()
                    .orElse(groups.get(0))
                    .permits()
                    .get(0);
            if (!isResolvedByParents(first, examination.egress())) {
                new ResolverStep(examination).run(first);
            }
            List<TunnelPermit> named = hosts.run(groups);
            times.report(examination);
            new MirrorSteps(examination).run();
            new ArchiveStep(examination).run();
            new ProxySteps(examination, login).run(named.isEmpty() ? first : named.get(0));
        } else {
            new MirrorSteps(examination).run();
            new ArchiveStep(examination).run();
        }
    }

    private static boolean isResolvedByParents(TunnelPermit permit, Egress egress) {
        List<ParentDial> parents = ParentDial.to(permit.rule(), egress);
        return !parents.isEmpty() && parents.stream().allMatch(ParentDial::resolves);
    }
}
