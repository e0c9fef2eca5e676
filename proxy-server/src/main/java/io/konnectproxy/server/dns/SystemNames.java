package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.file.Snapshot;
import io.konnectproxy.server.file.WatchedFile;
import io.konnectproxy.target.HostName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's resolvers and search list (resolv.conf) and its hosts file. Both are read at the start and watched, because a
 * service may start before the network has written them. A missing file counts as empty. No other reader of these files is
 * used: Netty's and the JDK's are as strict as their first user was, and Netty's queries public resolvers if it finds none.
 */
final class SystemNames implements NameSource, WatchedFile.Follower<SystemNames.Content> {
    static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    static final Path HOSTS_FILE = Path.of("/etc/hosts");

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Logger log = LoggerFactory.getLogger(SystemNames.class);
    private static final Duration HOSTS_FILE_TTL = Duration.ZERO; // never cached; each reading is in force at once
    /** Told at once; a hosts file may have thousands of lines that were meant for another program. */
    private static final int MOST_TOLD = 8;

    private final Path resolvConf;
    private final Path hostsFile;
    private final WatchedFile<Content> watched;
    private final FileWatch watch;

    /**
     * The content of both files.
     *
     * @param problems each begins with its file
     */
    record Content(ResolvConf resolvers, HostsFile hosts, List<String> problems) {}

    /** The bytes of a file, or why it has none. */
    private static final class FileBytes {
        private final byte[] content;
        private final Optional<String> problem;

        FileBytes(byte[] content, Optional<String> problem) {
            this.content = content;
            this.problem = problem;
        }
    }

    /** @param watch watches the files; closed with this */
    SystemNames(Path resolvConf, Path hostsFile, FileWatch watch) {
        this.resolvConf = resolvConf;
        this.hostsFile = hostsFile;
        this.watch = watch;
        Snapshot<Content> first = snapshot();
        Content content = first.value().get();
        tell(content.problems());
        this.watched =
                watch.add(new WatchedFile<>(this::snapshot, first.digest(), content, this, InstantSource.system()));
    }

    @Override
    public List<InetSocketAddress> servers() {
        return watched.value().resolvers().servers();
    }

    @Override
    public SearchList search() {
        return watched.value().resolvers().search();
    }

    @Override
    public Optional<Found> local(HostName name) {
        List<InetAddress> addresses = watched.value().hosts().addresses(name);
        return addresses.isEmpty() ? Optional.empty() : Optional.of(new Found(addresses, HOSTS_FILE_TTL));
    }

    @Override
    public void changed(Content before, Content now) {
        log.debug("{} or {} has changed.", resolvConf, hostsFile);
        tell(now.problems().stream()
                .filter(problem -> !before.problems().contains(problem))
                .toList());
    }

    private static void tell(List<String> problems) {
        problems.stream().limit(MOST_TOLD).forEach(log::warn);
        if (problems.size() > MOST_TOLD) {
            log.warn("{} more lines of these files cannot be used.", problems.size() - MOST_TOLD);
        }
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
        FileBytes resolvers = bytes(resolvConf);
        FileBytes hosts = bytes(hostsFile);
        // Read each time, for an interface that it names may come or go while the file stays the same.
        ResolvConf conf = resolvConf(resolvers);
        byte[] read = (conf + " " + resolvers.problem + hosts.problem).getBytes(UTF_8);
        return new Snapshot<>(Snapshot.digest(List.of(resolvers.content, hosts.content, read)), () -> {
            HostsFile names = HostsFile.read(hosts.content);
            return new Content(
                    conf,
                    names,
                    Stream.concat(
                                    problems(resolvConf, resolvers, conf.problems()),
                                    problems(hostsFile, hosts, names.problems()))
                            .toList());
        });
    }

    private static Stream<String> problems(Path file, FileBytes bytes, List<String> problems) {
        return Stream.concat(bytes.problem.stream(), problems.stream()).map(problem -> file + ", " + problem);
    }

    /** What the system's file says at this moment, and every problem that it has. */
    static ResolvConf now(Path resolvConf) {
        FileBytes bytes = bytes(resolvConf);
        ResolvConf conf = resolvConf(bytes);
        return new ResolvConf(
                conf.servers(),
                conf.search(),
                problems(resolvConf, bytes, conf.problems()).toList());
    }

    private static ResolvConf resolvConf(FileBytes bytes) {
        return ResolvConf.read(bytes.content, System.getenv(), hostName());
    }

    /** Not asked of the JDK, which would look its address up. */
    private static String hostName() {
        return new String(bytes(HOST_NAME).content, ISO_8859_1).strip();
    }

    /** A missing file is empty. Look-ups then fail for lack of a resolver, until the file appears. */
    private static FileBytes bytes(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new FileBytes(new byte[0], Optional.of("which is no regular file, is not read."));
            }
            return new FileBytes(Files.readAllBytes(file), Optional.empty());
        } catch (NoSuchFileException e) {
            return new FileBytes(new byte[0], Optional.empty());
        } catch (IOException e) {
            return new FileBytes(new byte[0], Optional.of("which cannot be read, is taken for empty: " + e + "."));
        }
    }
}
