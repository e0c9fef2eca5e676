package io.konnectproxy.server.socket;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Binding a listening address failed. The message says why, and what to change. */
public final class BindFailure extends IOException {
    private static final long serialVersionUID = 1;
    private static final String NO_IPV6 = "this machine has no IPv6";

    /**
     * @param what the beginning of the sentence, {@code "The admin address"}
     * @param key the configuration key of the address
     */
    public BindFailure(String what, InetSocketAddress address, String key, Throwable cause) {
        super(
                what + " " + NetUtil.toSocketAddressString(address) + " cannot be listened on: "
                        + reason(address, cause) + ". " + advice(reason(address, cause), key),
                cause);
    }

    private static String reason(InetSocketAddress address, Throwable cause) {
        if (address.getAddress() instanceof Inet6Address && !NetworkFamilies.hasIpv6()) {
            return NO_IPV6;
        }
        String message = cause.getMessage();
        return message == null || message.isEmpty()
                ? cause.getClass().getSimpleName()
                : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static String advice(String reason, String key) {
        if (reason.contains("ermission denied")) {
            return "Take a port from 1024 on in " + key + ", or let the process bind lower ones.";
        }
        if (reason.equals(NO_IPV6)) {
            return "Set " + key + " to an IPv4 address.";
        }
        return reason.contains("assign requested address")
                ? "This machine has no such address; set " + key + "."
                : "Stop what uses it, or set " + key + ".";
    }
}
