package io.konnectproxy.server.kong;

import io.konnectproxy.address.Cidr;
import io.netty.util.NetUtil;
import java.net.InetAddress;

/** What programs in Go make of {@code NO_PROXY} (golang.org/x/net/http/httpproxy), as far as it is used here. */
final class GoProxyRules {
    private GoProxyRules() {}

    /** Whether a host is reached through the proxy. */
    static boolean uses(String noProxy, String host) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (host.equals("localhost") || (address != null && address.isLoopbackAddress())) {
            return false;
        }
        for (String rule : noProxy.split(",", -1)) {
            if (rule.contains("/")) {
                if (address != null && Cidr.parse(rule).contains(address)) {
                    return false;
                }
            } else if (host.equals(rule) || host.endsWith(rule.startsWith(".") ? rule : "." + rule)) {
                return false;
            }
        }
        return true;
    }
}
