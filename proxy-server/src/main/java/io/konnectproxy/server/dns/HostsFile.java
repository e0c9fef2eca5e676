package io.konnectproxy.server.dns;

import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The names of the hosts file (hosts(5)) with all their addresses. What is no name that could be asked for is passed over. */
final class HostsFile {
    private final Map<HostName, List<InetAddress>> ipv4 = new HashMap<>();
    private final Map<HostName, List<InetAddress>> ipv6 = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private HostsFile() {}

    static HostsFile read(byte[] content) {
        HostsFile file = new HostsFile();
        SystemFileLine.of(content, "#").forEach(file::add);
        return file;
    }

    private void add(SystemFileLine line) {
        String text = line.words().get(0);
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null) {
            problems.add(line.problem(SystemFileLine.shown(text) + " is not an IP address."));
            return;
        }
        for (String name : line.words().subList(1, line.words().size())) {
            if (HostName.read(name) instanceof HostName host) {
                List<InetAddress> known = (address instanceof Inet4Address ? ipv4 : ipv6)
                        .computeIfAbsent(host, key -> new ArrayList<>(1));
                if (!known.contains(address)) {
                    known.add(address);
                }
            }
        }
    }

    /** IPv4 first; empty where the file does not have the name. */
    List<InetAddress> addresses(HostName name) {
        return Stream.of(ipv4, ipv6)
                .flatMap(entries -> entries.getOrDefault(name, List.of()).stream())
                .toList();
    }

    /** Each begins with its line. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
