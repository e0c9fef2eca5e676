package io.konnectproxy.server.kong;

import io.konnectproxy.keys.Secret;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Options of the command line that the configuration does not have.
 *
 * @param listener the only listener to use; empty for all
 * @param host by which clients reach the proxy, instead of the one derived from the listener
 * @param port at which clients reach the proxy, instead of the listener's
 */
public record KongOptions(
        Optional<String> listener,
        Optional<String> host,
        OptionalInt port,
        Optional<String> user,
        Optional<Secret> password) {
    private static final Pattern PORT = Pattern.compile("[0-9]+");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /**
     * @throws IllegalArgumentException with a sentence about the invalid option
     */
    public KongOptions {
        host.ifPresent(KongOptions::requireHost);
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65535)) {
            throw new IllegalArgumentException("--port must be from 1 to 65535");
        }
        if (password.isPresent() && user.isEmpty()) {
            throw new IllegalArgumentException("--password-file needs --user");
        }
        if (user.isPresent() && (user.get().isEmpty() || user.get().indexOf(':') >= 0 || hasControl(user.get()))) {
            throw new IllegalArgumentException("--user must be a name without ':' and control characters");
        }
        if (password.isPresent() && hasControl(password.get().value())) {
            throw new IllegalArgumentException(
                    "--password-file holds control characters, which no Basic credentials can have");
        }
    }

    private static void requireHost(String host) {
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("--host must be a name or an IPv4 address and nothing more: an IPv6"
                    + " address as proxy crashes Kong, and a port goes to --port");
        }
        if (!ProxyUrl.isHost(host)) {
            throw new IllegalArgumentException(
                    "--host must be a host name or an IPv4 address, like konnect-proxy.corp.example");
        }
    }

    private static boolean hasControl(String text) {
        return CONTROL.matcher(text).find();
    }

    boolean isFor(String address) {
        return listener.map(text -> text.toLowerCase(Locale.ROOT).replaceFirst("^localhost:", "127.0.0.1:"))
                .map(text -> text.equals(address) || (PORT.matcher(text).matches() && address.endsWith(":" + text)))
                .orElse(true);
    }
}
