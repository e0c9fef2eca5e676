package io.konnectproxy.server.dns;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The content of resolv.conf, read as glibc reads it (resolv.conf(5); resolv/res_init.c), but that a line may be indented and
 * that a file without a resolver names none. What cannot be used is a problem, and never ends the reading.
 *
 * @param servers at most {@link #MAX_SERVERS}
 * @param problems each begins with its line
 */
record ResolvConf(List<InetSocketAddress> servers, SearchList search, List<String> problems) {
    /** {@code MAXNS}: the system asks no more of them. */
    static final int MAX_SERVERS = 3;

    private static final int MAX_NDOTS = 15;
    private static final int PORT = 53;
    private static final char SCOPE = '%';
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final String COMMENT = "#;";

    ResolvConf {
        servers = List.copyOf(servers);
        problems = List.copyOf(problems);
    }

    /**
     * Reads a file.
     *
     * @param variables {@code LOCALDOMAIN} takes precedence over the file, and so does {@code RES_OPTIONS}
     * @param host the name of this machine, whose domain is searched where the file names none
     */
    static ResolvConf read(byte[] content, Map<String, String> variables, String host) {
        return new LineReading().read(content, variables, host);
    }

    /** What was read so far. */
    private static final class LineReading {
        private final List<InetSocketAddress> servers = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private Optional<List<String>> domains = Optional.empty();
        private int ndots = 1;

        ResolvConf read(byte[] content, Map<String, String> variables, String host) {
            for (SystemFileLine line : SystemFileLine.of(content, COMMENT)) {
                List<String> values = line.words().subList(1, line.words().size());
                switch (line.words().get(0)) {
                    case "nameserver" -> nameServer(line, values);
                    case "domain" -> domains = values.isEmpty() ? domains : Optional.of(values.subList(0, 1));
                    case "search" -> domains = values.isEmpty() ? domains : Optional.of(values);
                    case "options" -> options(values);
                    default -> {
                        // For other systems, or of another time.
                    }
                }
            }
            Optional.ofNullable(variables.get("LOCALDOMAIN")).ifPresent(text -> domains = Optional.of(words(text)));
            Optional.ofNullable(variables.get("RES_OPTIONS")).ifPresent(text -> options(words(text)));
            return new ResolvConf(servers, new SearchList(domains.orElseGet(() -> domainOf(host)), ndots), problems);
        }

        private void nameServer(SystemFileLine line, List<String> values) {
            String text = values.isEmpty() ? "" : values.get(0);
            try {
                InetSocketAddress server = new InetSocketAddress(address(text), PORT);
                if (servers.contains(server)) {
                    return;
                }
                if (servers.size() == MAX_SERVERS) {
                    problems.add(line.problem("the resolver " + SystemFileLine.shown(text)
                            + " is never asked: only the first three are, as by the system."));
                } else {
                    servers.add(server);
                }
            } catch (IllegalArgumentException e) {
                problems.add(line.problem(
                        "no resolver can be reached at " + SystemFileLine.shown(text) + ": " + e.getMessage() + "."));
            }
        }

        private void options(List<String> values) {
            for (String option : values) {
                String number = option.startsWith("ndots:") ? option.substring("ndots:".length()) : "";
                if (NUMBER.matcher(number).matches()) {
                    ndots = Math.min(Integer.parseInt(number), MAX_NDOTS);
                }
            }
        }
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> domainOf(String host) {
        int dot = host.indexOf('.');
        return dot < 0 || dot == host.length() - 1 ? List.of() : List.of(host.substring(dot + 1));
    }

    /** @throws IllegalArgumentException with the reason, a part of a sentence */
    private static InetAddress address(String text) {
        int percent = text.indexOf(SCOPE);
        InetAddress address =
                NetUtil.createInetAddressFromIpAddressString(percent < 0 ? text : text.substring(0, percent));
        if (address == null || (percent >= 0 && address instanceof Inet4Address)) {
            throw new IllegalArgumentException("that is not an IP address");
        }
        if (address.isAnyLocalAddress()) {
            // Linux takes it for this machine. The JDK would look up this machine's name.
            return address instanceof Inet4Address ? NetUtil.LOCALHOST4 : NetUtil.LOCALHOST6;
        }
        // A scope means nothing for other addresses.
        return address.isLinkLocalAddress() && address instanceof Inet6Address
                ? scoped(address, percent < 0 ? "" : text.substring(percent + 1))
                : address;
    }

    private static InetAddress scoped(InetAddress address, String scope) {
        if (scope.isEmpty()) {
            throw new IllegalArgumentException(
                    "a link-local address needs its interface, like fe80::1" + SCOPE + "eth0");
        }
        try {
            NetworkInterface link = NUMBER.matcher(scope).matches()
                    ? NetworkInterface.getByIndex(Integer.parseInt(scope))
                    : NetworkInterface.getByName(scope);
            if (link == null) {
                throw new IllegalArgumentException("this machine has no interface " + SystemFileLine.shown(scope));
            }
            return Inet6Address.getByAddress(null, address.getAddress(), link.getIndex());
        } catch (SocketException | UnknownHostException e) {
            throw new IllegalArgumentException("its interface cannot be found", e);
        }
    }
}
