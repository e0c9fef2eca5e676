package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.target.HostName;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The machine's resolvers ({@code nameserver} lines of resolv.conf) and hosts file. Both are read at the start and again
 * now and then in the background, because a service may be up before the network has written them. Netty's own reader is
 * not used: where it finds no resolver, it asks public ones.
 */
final class SystemNames implements NameSource {
    private static final long REREAD_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration HOSTS_FILE_TTL = Duration.ZERO; // never cached; each reading is in force at once
    private static final int PORT = 53;

    private final Path resolvConf;
    private final Path hostsFile;
    private final LongSupplier nanoTime;
    private final AtomicLong read;
    private volatile Reading reading;

    private record Reading(
            List<InetSocketAddress> servers,
            Map<String, List<InetAddress>> ipv4,
            Map<String, List<InetAddress>> ipv6) {}

    SystemNames(Path resolvConf, Path hostsFile, LongSupplier nanoTime) {
        this.resolvConf = resolvConf;
        this.hostsFile = hostsFile;
        this.nanoTime = nanoTime;
        this.read = new AtomicLong(nanoTime.getAsLong());
        this.reading = readFiles();
    }

    @Override
    public List<InetSocketAddress> servers() {
        rereadWhenDue();
        return reading.servers;
    }

    @Override
    public Optional<Found> local(HostName name) {
        rereadWhenDue();
        Reading now = reading;
        List<InetAddress> addresses = Stream.of(now.ipv4, now.ipv6)
                .flatMap(entries -> entries.getOrDefault(name.toString(), List.of()).stream())
                .toList();
        return addresses.isEmpty() ? Optional.empty() : Optional.of(new Found(addresses, HOSTS_FILE_TTL));
    }

    private void rereadWhenDue() {
        long last = read.get();
        long now = nanoTime.getAsLong();
        if (now - last >= REREAD_NANOS && read.compareAndSet(last, now)) {
            GlobalEventExecutor.INSTANCE.execute(() -> reading = readFiles());
        }
    }

    private Reading readFiles() {
        HostsFileEntriesProvider hosts = HostsFileEntriesProvider.parser().parseSilently(hostsFile.toFile());
        return new Reading(readServers(), hosts.ipv4Entries(), hosts.ipv6Entries());
    }

    private List<InetSocketAddress> readServers() {
        List<InetSocketAddress> servers = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(resolvConf)) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length >= 2 && words[0].equals("nameserver")) {
                    InetAddress address = NetUtil.createInetAddressFromIpAddressString(words[1]);
                    if (address != null) {
                        servers.add(new InetSocketAddress(address, PORT));
                    }
                }
            }
        } catch (IOException e) {
            // No file, no resolver: the look-ups say so, and the next reading may find one.
            return List.of();
        }
        return List.copyOf(servers);
    }
}
