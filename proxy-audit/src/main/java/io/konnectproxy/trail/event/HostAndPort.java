package io.konnectproxy.trail.event;

import io.konnectproxy.address.AddressText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and port of a line: a target, or a listener.
 *
 * @param host a name or an address, of which an IPv6 address has no brackets
 */
public record HostAndPort(String host, long port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<ipv6>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+)):(?<port>[0-9]{1,5})");
    private static final long HIGHEST_PORT = 65_535;

    /** Empty if the text is not a host and a port. */
    public static Optional<HostAndPort> of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Long.parseLong(form.group("port")) > HIGHEST_PORT) {
            return Optional.empty();
        }
        String name = form.group("name");
        return Optional.of(
                new HostAndPort(name == null ? form.group("ipv6") : name, Long.parseLong(form.group("port"))));
    }

    /** Whether the host is an address. */
    public boolean isAddress() {
        return AddressText.read(host).isPresent();
    }
}
