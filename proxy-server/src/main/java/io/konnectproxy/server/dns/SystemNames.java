package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.file.Snapshot;
import io.konnectproxy.server.file.WatchedFile;
import io.konnectproxy.target.HostName;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's resolvers ({@code nameserver} lines of resolv.conf) and hosts file. Both are read at the start and watched,
 * because a service may start before the network has written them. A missing file counts as empty. Netty's own reader of
 * resolv.conf is not used: if it finds no resolver, it queries public ones.
 */
final class SystemNames implements NameSource, WatchedFile.Follower<SystemNames.Content> {
    private static final Logger log = LoggerFactory.getLogger(SystemNames.class);
    private static final Duration HOSTS_FILE_TTL = Duration.ZERO; // never cached; each reading is in force at once
    private static final int PORT = 53;

    private final Path resolvConf;
    private final Path hostsFile;
    private final WatchedFile<Content> watched;
    private final FileWatch watch;

    /** The content of both files. */
    record Content(
            List<InetSocketAddress> servers,
            Map<String, List<InetAddress>> ipv4,
            Map<String, List<InetAddress>> ipv6) {}

    /** @param watch watches the files; closed with this */
    SystemNames(Path resolvConf, Path hostsFile, FileWatch watch) {
        this.resolvConf = resolvConf;
        this.hostsFile = hostsFile;
        this.watch = watch;
        Snapshot<Content> first = snapshot();
        this.watched = watch.add(
                new WatchedFile<>(this::snapshot, first.digest(), first.value().get(), this, InstantSource.system()));
    }

    @Override
    public List<InetSocketAddress> servers() {
        return watched.value().servers;
    }

    @Override
    public Optional<Found> local(HostName name) {
        Content now = watched.value();
        List<InetAddress> addresses = Stream.of(now.ipv4, now.ipv6)
                .flatMap(entries -> entries.getOrDefault(name.toString(), List.of()).stream())
                .toList();
        return addresses.isEmpty() ? Optional.empty() : Optional.of(new Found(addresses, HOSTS_FILE_TTL));
    }

    @Override
    public void changed(Content before, Content now) {
        log.debug("{} or {} has changed.", resolvConf, hostsFile);
    }

    @Override
    public void failed(String sentence, Content stays) {
        log.warn("{} or {} cannot be used: {}. What they said before holds.", resolvConf, hostsFile, sentence);
    }

    @Override
    public void close() {
        watch.close();
    }

    private Snapshot<Content> snapshot() {
        byte[] resolvers = bytes(resolvConf);
        byte[] hosts = bytes(hostsFile);
        return new Snapshot<>(Snapshot.digest(List.of(resolvers, hosts)), () -> content(resolvers, hosts));
    }

    /** A missing file is empty. Look-ups then fail for lack of a resolver, until the file appears. */
    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static Content content(byte[] resolvers, byte[] hosts) {
        try {
            HostsFileEntriesProvider entries =
                    HostsFileEntriesProvider.parser().parse(new StringReader(new String(hosts, UTF_8)));
            return new Content(servers(new String(resolvers, UTF_8)), entries.ipv4Entries(), entries.ipv6Entries());
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<InetSocketAddress> servers(String resolvers) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String line : resolvers.lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 2 && words[0].equals("nameserver")) {
                InetAddress address = NetUtil.createInetAddressFromIpAddressString(words[1]);
                if (address != null) {
                    servers.add(new InetSocketAddress(address, PORT));
                }
            }
        }
        return List.copyOf(servers);
    }
}
