package io.konnectproxy.server.dns;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Resolves the addresses of parent proxies, which have a check of their own. Never blocks; any thread. */
public final class ParentResolver {
    private static final HostName LOCALHOST = HostName.of("localhost");

    private final CheckedResolver names;
    private final AddressCheck check;

    /**
     * Creates a view of a resolver.
     *
     * @param check {@link AddressCheck#ofParents}
     */
    public ParentResolver(CheckedResolver names, AddressCheck check) {
        this.names = names;
        this.check = check;
    }

    /** Checks an IP address without brackets, without a query; empty if the host is a name. */
    public Optional<Resolution> literal(String host, int port) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return Optional.ofNullable(address).map(found -> names.judge(List.of(found), port, check));
    }

    /**
     * Resolves a name, which need not be absolute.
     *
     * @param loop where the future's listeners are to run
     * @return always succeeds
     */
    public Future<Resolution> resolve(HostName host, int port, EventLoop loop) {
        if (host.equals(LOCALHOST) && !names.isLocal(host)) {
            // Whatever a name server says (RFC 6761, section 6.3).
            return loop.newSucceededFuture(names.judge(List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6), port, check));
        }
        return names.resolveOwn(Asker.PROXY, new Authority(host, port), check, loop);
    }
}
