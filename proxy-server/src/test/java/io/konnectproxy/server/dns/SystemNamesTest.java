package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.HostName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SystemNamesTest {
    private static final HostName NAME = HostName.of("us.api.konghq.com");

    @RegisterExtension
    private final LogCapture log = LogCapture.of(SystemNames.class);

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    @TempDir
    Path directory;

    private Path resolvConf;
    private Path hosts;
    private final FileWatch watch = new FileWatch(Duration.ofHours(1));

    @BeforeEach
    void names() {
        resolvConf = directory.resolve("resolv.conf");
        hosts = directory.resolve("hosts");
        log.expecting(resolvConf + ", line ", resolvConf + ", which is no regular file", hosts + ", line ");
    }

    @AfterEach
    void watchNoMore() {
        watch.close();
    }

    @Test
    void reads_the_resolvers_in_their_order_and_nothing_else() throws Exception {
        Files.writeString(resolvConf, """
                # made by hand
                search corp.example
                nameserver 10.0.0.2
                \tnameserver  fd00::2   # second
                nameserver not-an-address
                nameserver
                options ndots:5
                nameserver 127.0.0.53
                """);
        assertThat(names(resolvConf, hosts).servers().stream()
                        .map(server -> server.getAddress().getHostAddress() + " " + server.getPort()))
                .containsExactly("10.0.0.2 53", "fd00:0:0:0:0:0:0:2 53", "127.0.0.53 53");
    }

    @Test
    void without_the_files_there_is_no_resolver_and_no_name() {
        assertThat(names(resolvConf, hosts).servers()).isEmpty();
        assertThat(names(resolvConf, hosts).local(NAME)).isEmpty();
    }

    @Test
    void the_hosts_file_gives_all_addresses_ipv4_first() throws Exception {
        Files.writeString(hosts, "fd00::7 US.api.konghq.com\n10.0.0.7 other us.api.konghq.com # why\n");
        assertThat(names(resolvConf, hosts).local(NAME))
                .hasValueSatisfying(
                        found -> assertThat(found.addresses().stream().map(a -> a.getHostAddress()))
                                .containsExactly("10.0.0.7", "fd00:0:0:0:0:0:0:7"));
    }

    @Test
    void the_files_are_followed() throws Exception {
        SystemNames names = names(resolvConf, hosts);
        Files.write(resolvConf, "nameserver 10.0.0.2\n# \u00fc in another encoding\n".getBytes(ISO_8859_1));
        watch.lookNow();
        assertThat(names.servers()).hasSize(1);
        Files.writeString(hosts, "10.0.0.7 us.api.konghq.com\n");
        watch.lookNow();
        assertThat(names.local(NAME)).isPresent();
        Files.delete(resolvConf);
        Files.delete(hosts);
        watch.lookNow();
        assertThat(names.servers()).isEmpty();
        assertThat(names.local(NAME)).isEmpty();
    }

    @Test
    void the_files_are_followed_in_the_background() throws Exception {
        try (SystemNames names = new SystemNames(resolvConf, hosts, new FileWatch(Duration.ofMillis(20)))) {
            Files.writeString(resolvConf, "nameserver 10.0.0.2\n");
            Await.until("the resolver is known", () -> names.servers().size() == 1);
        }
    }

    @Test
    void a_hosts_file_is_read_whatever_its_bytes_are() throws Exception {
        Files.write(
                hosts,
                "\u00ef\u00bb\u00bf10.0.0.7\tus.api.konghq.com\r\n# \u00e9\u00ff\r\n10.0.0.8 b\u00fccher us.api.konghq.com\r\n"
                        .getBytes(ISO_8859_1));
        assertThat(names(resolvConf, hosts).local(NAME))
                .hasValueSatisfying(
                        found -> assertThat(found.addresses().stream().map(a -> a.getHostAddress()))
                                .containsExactly("10.0.0.7", "10.0.0.8"));
    }

    @Test
    void what_cannot_be_used_is_told_once_at_the_start_and_when_it_appears() throws Exception {
        Files.writeString(resolvConf, "nameserver 10.0.0.2\nnameserver resolver.corp\n");
        Files.writeString(hosts, "localhost 127.0.0.1\n");
        SystemNames names = names(resolvConf, hosts);
        watch.lookNow();
        Files.writeString(resolvConf, "nameserver 10.0.0.3\nnameserver resolver.corp\nnameserver fe80::1\n");
        watch.lookNow();
        watch.lookNow();
        assertThat(names.servers()).hasSize(1);
        Files.delete(resolvConf);
        Files.createDirectory(resolvConf);
        watch.lookNow();
        assertThat(log.said())
                .containsExactly(
                        resolvConf
                                + ", line 2: no resolver can be reached at 'resolver.corp': that is not an IP address.",
                        hosts + ", line 1: 'localhost' is not an IP address.",
                        resolvConf
                                + ", line 3: no resolver can be reached at 'fe80::1': a link-local address needs its"
                                + " interface, like fe80::1" + '%' + "eth0.",
                        resolvConf + ", which is no regular file, is not read.");
    }

    @Test
    void configured_servers_leave_the_hosts_file_out() throws Exception {
        assertThat(NameSource.configured(List.of()).local(HostName.of("localhost")))
                .isEmpty();
    }

    @Test
    void a_name_of_the_hosts_file_is_checked_like_any_other() throws Exception {
        Files.writeString(hosts, "10.0.0.7 us.api.konghq.com\n");
        try (var bench = new ResolverRig(ResolverRig.PATIENT);
                var resolver = bench.resolver(names(resolvConf, hosts));
                var permitting = new ResolverRig(ResolverRig.PATIENT, "10.0.0.0/8");
                var permittingResolver = permitting.resolver(names(resolvConf, hosts))) {
            assertThat(ResolverRig.said(ResolverRig.result(bench.ask(resolver, NAME.toString()))))
                    .isEqualTo("address_forbidden");
            assertThat(ResolverRig.said(ResolverRig.result(permitting.ask(permittingResolver, NAME.toString()))))
                    .isEqualTo("10.0.0.7");
            assertThat(permitting.asked.all()).isEmpty();
        }
    }

    private SystemNames names(Path resolvers, Path hostsFile) {
        return new SystemNames(resolvers, hostsFile, watch);
    }
}
