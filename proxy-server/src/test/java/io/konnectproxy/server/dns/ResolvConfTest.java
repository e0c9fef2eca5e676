package io.konnectproxy.server.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.target.HostName;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as people, installers and DHCP clients write them. */
class ResolvConfTest {
    private static final Map<String, String> NO_VARIABLES = Map.of();

    private static ResolvConf read(String content) {
        return ResolvConf.read(content.getBytes(ISO_8859_1), NO_VARIABLES, "machine");
    }

    static Stream<Arguments> files() throws Exception {
        int loopback = NetworkInterface.getByName("lo").getIndex();
        return Stream.of(
                arguments("plain", "nameserver 10.0.0.2\nnameserver fd00::2\n", "10.0.0.2 fd00::2"),
                arguments("no line end", "nameserver 10.0.0.2", "10.0.0.2"),
                arguments("tabs and blanks", "\tnameserver \t 10.0.0.2 \t\n", "10.0.0.2"),
                arguments("CRLF", "nameserver 10.0.0.2\r\nnameserver fd00::2\r\n", "10.0.0.2 fd00::2"),
                arguments("a byte order mark", "\u00ef\u00bb\u00bfnameserver 10.0.0.2\n", "10.0.0.2"),
                arguments(
                        "comments", "; a\n# b\nnameserver 10.0.0.2 # c\nnameserver 10.0.0.3;d\n", "10.0.0.2 10.0.0.3"),
                arguments(
                        "bytes that are no UTF-8",
                        "# \u00e9\u00ff\nsearch b\u00fccher\nnameserver 10.0.0.2\n",
                        "10.0.0.2"),
                arguments(
                        "what it does not know",
                        "lookup file bind\noptions new-one:7 edns0\nnameserver 10.0.0.2\n",
                        "10.0.0.2"),
                arguments("a scope by name", "nameserver fe80::1%lo\n", "fe80::1%" + loopback),
                arguments("a scope by number", "nameserver fe80::1%" + loopback + "\n", "fe80::1%" + loopback),
                arguments("a scope that means nothing", "nameserver fd00::2%lo\n", "fd00::2"),
                arguments("any address, which is this machine", "nameserver 0.0.0.0\nnameserver ::\n", "127.0.0.1 ::1"),
                arguments("one twice", "nameserver 10.0.0.2\nnameserver 10.0.0.2\n", "10.0.0.2"),
                arguments("nothing", "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void reads(String what, String content, String servers) {
        ResolvConf read = read(content);
        assertThat(text(read.servers())).isEqualTo(servers);
        assertThat(read.problems()).isEmpty();
    }

    static Stream<Arguments> useless() {
        return Stream.of(
                arguments(
                        "fe80::1%wlan99",
                        "line 2: no resolver can be reached at 'fe80::1%wlan99': this machine has no interface 'wlan99'."),
                arguments(
                        "fe80::1%9999",
                        "line 2: no resolver can be reached at 'fe80::1%9999': this machine has no interface '9999'."),
                arguments(
                        "fe80::1",
                        "line 2: no resolver can be reached at 'fe80::1': a link-local address needs its interface, like fe80::1"
                                + '%' + "eth0."),
                arguments(
                        "fe80::1%",
                        "line 2: no resolver can be reached at 'fe80::1%': a link-local address needs its interface, like fe80::1"
                                + '%' + "eth0."),
                arguments(
                        "10.0.0.2%lo",
                        "line 2: no resolver can be reached at '10.0.0.2%lo': that is not an IP address."),
                arguments(
                        "dns.corp\u00e9",
                        "line 2: no resolver can be reached at 'dns.corp?': that is not an IP address."),
                arguments("", "line 2: no resolver can be reached at '': that is not an IP address."));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("useless")
    void tells_what_cannot_be_used_with_its_line(String server, String problem) {
        ResolvConf read = read("# one\nnameserver " + server + "\nnameserver 10.0.0.2\n");
        assertThat(text(read.servers())).isEqualTo("10.0.0.2");
        assertThat(read.problems()).containsExactly(problem);
    }

    @Test
    void asks_three_and_names_those_it_never_asks() {
        ResolvConf read = read("nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n");
        assertThat(text(read.servers())).isEqualTo("10.0.0.1 10.0.0.2 10.0.0.3");
        assertThat(read.problems())
                .containsExactly(
                        "line 4: the resolver '10.0.0.4' is never asked: only the first three are, as by the system.");
    }

    static Stream<Arguments> searches() {
        return Stream.of(
                arguments(
                        "Kubernetes, a Service",
                        KUBERNETES,
                        "squid",
                        "squid.kong.svc.cluster.local squid.svc.cluster.local squid.cluster.local squid"),
                arguments(
                        "Kubernetes, of another namespace",
                        KUBERNETES,
                        "squid.proxies",
                        "squid.proxies.kong.svc.cluster.local squid.proxies.svc.cluster.local squid.proxies.cluster.local squid.proxies"),
                arguments(
                        "Kubernetes, many dots",
                        KUBERNETES,
                        "a.b.c.d.e.f",
                        "a.b.c.d.e.f a.b.c.d.e.f.kong.svc.cluster.local a.b.c.d.e.f.svc.cluster.local a.b.c.d.e.f.cluster.local"),
                arguments(
                        "a dot, and ndots as it is without",
                        "search corp.example\n",
                        "squid.dmz",
                        "squid.dmz squid.dmz.corp.example"),
                arguments("domain", "domain corp.example\n", "squid", "squid.corp.example squid"),
                arguments(
                        "the last one counts",
                        "search a.example b.example\ndomain corp.example\n",
                        "squid",
                        "squid.corp.example squid"),
                arguments("ndots:0", "search corp.example\noptions ndots:0\n", "squid", "squid squid.corp.example"),
                arguments(
                        "ndots beyond the most",
                        "search e\noptions ndots:99\n",
                        "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a",
                        "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.e"),
                arguments(
                        "ndots that is no number",
                        "search corp.example\noptions ndots:x ndots:\n",
                        "squid",
                        "squid.corp.example squid"),
                arguments(
                        "a domain that is no name", "search . _x corp.example\n", "squid", "squid.corp.example squid"),
                arguments("none", "nameserver 10.0.0.2\n", "squid", "squid"));
    }

    private static final String KUBERNETES =
            "search kong.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("searches")
    void searches_as_the_system_does(String what, String content, String name, String candidates) {
        assertThat(read(content).search().candidates(HostName.of(name)))
                .extracting(HostName::toString)
                .containsExactly(candidates.split(" ", -1));
    }

    @Test
    void the_domain_of_the_machine_is_searched_where_the_file_names_none() {
        assertThat(ResolvConf.read(new byte[0], NO_VARIABLES, "machine.corp.example")
                        .search()
                        .domains())
                .containsExactly("corp.example");
    }

    @Test
    void variables_take_precedence_as_for_the_system() {
        ResolvConf read = ResolvConf.read(
                "search a.example\noptions ndots:5\n".getBytes(ISO_8859_1),
                Map.of("LOCALDOMAIN", "b.example c.example", "RES_OPTIONS", "rotate ndots:2"),
                "machine");
        assertThat(read.search()).isEqualTo(new SearchList(List.of("b.example", "c.example"), 2));
    }

    private static String text(List<InetSocketAddress> servers) {
        return String.join(
                " ",
                servers.stream()
                        .map(server -> NetUtil.toAddressString(server.getAddress())
                                + scope(server.getAddress().getHostAddress()))
                        .toList());
    }

    private static String scope(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? "" : address.substring(percent);
    }
}
