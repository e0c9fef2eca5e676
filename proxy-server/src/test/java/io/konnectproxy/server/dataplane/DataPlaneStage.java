package io.konnectproxy.server.dataplane;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.server.dataplane.DataPlanes.Followed;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Data planes that come and go, at a time of the test's. */
final class DataPlaneStage {
    private static final KonnectCatalog CATALOG = SmallCatalog.create();
    private static final EgressPolicy POLICY = new EgressPolicy(
            CATALOG,
            new EgressPolicy.Rules(
                    Set.of(new Region("us"), new Region("eu")),
                    Set.of(new Purpose("data-plane"), new Purpose("api")),
                    Set.of(),
                    List.of(),
                    EgressPolicy.Mode.ENFORCE),
            EgressPolicy.Clients.none());

    /** Overflows within the first hour. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(30));

    final DataPlanes planes = new DataPlanes(CATALOG::find, now::get);

    static TunnelPermit permit(String host) {
        return ((Permitted) POLICY.decide(client("10.0.0.1"), new Authority(HostName.of(host), 443))
                        .verdict())
                .permit();
    }

    static String cp(String controlPlane) {
        return controlPlane + ".us.cp0.konghq.com";
    }

    static String tp(String controlPlane) {
        return controlPlane + ".us.tp0.konghq.com";
    }

    static Client client(String address) {
        return client(NetUtil.createInetAddressFromIpAddressString(address));
    }

    /** One of many. */
    static Client client(int number) {
        try {
            return client(InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(0x0a000000 + number).array()));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static Client client(InetAddress address) {
        return new Client(new InetSocketAddress(address, 40_000));
    }

    static Client user(Client client, String user) {
        return new Client(client.address(), client.peer(), Optional.of(user), List.of());
    }

    static Client certified(Client client, String... names) {
        return new Client(client.address(), client.peer(), Optional.empty(), List.of(names));
    }

    Followed open(Client client, String host) {
        return planes.established(client, permit(host));
    }

    void refuse(Client client, String host, Refusal refusal, int times) {
        for (int i = 0; i < times; i++) {
            planes.refused(client, Optional.of(HostName.of(host)), refusal, Optional.empty());
        }
    }

    void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Passes, with a look every five seconds. */
    void passLooking(long seconds) {
        for (long passed = 0; passed < seconds; passed += 5) {
            pass(Math.min(5, seconds - passed));
            planes.look();
        }
    }

    DataPlaneFigures look() {
        planes.look();
        return planes.figures();
    }

    List<DataPlaneState> states() {
        return planes.list(Integer.MAX_VALUE).states();
    }
}
