package io.konnectproxy.server.kong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.tls.ServerFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which listeners are for Kong, under which address, and of what the operator is warned. */
class KongListenersTest {
    private static final String HASH = "$2y$05$rt0yKFqgMJ4PET.pKm5ddeoGOWsPmH1uwXU.f97Ba7h5Ypfv7iU1e";

    @TempDir
    private Path directory;

    private static String url(KongListeners listeners) {
        assertThat(listeners.found()).hasSize(1);
        return listeners.found().get(0).url().text();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        10.0.0.5:3128  | http://10.0.0.5:3128   |
        0.0.0.0:3128   | http://PROXY-HOST:3128 | listener 0.0.0.0:3128 does not say under which name it is reached: replace PROXY-HOST, or give --host
        [::]:3128      | http://PROXY-HOST:3128 | listener [::]:3128 does not say under which name it is reached: replace PROXY-HOST, or give --host
        [fd00::5]:3128 | http://PROXY-HOST:3128 | listener [fd00::5]:3128 has an IPv6 address, and one as proxy crashes Kong: replace PROXY-HOST, or give --host
        """)
    void a_plain_listener_is_reached_at_its_address_if_it_has_one(String address, String url, String warning)
            throws Exception {
        KongListeners listeners = new KongListeners(Listeners.configuration(Listeners.plain(address)), Listeners.NONE);
        assertThat(url(listeners)).isEqualTo(url);
        assertThat(listeners.warnings()).isEqualTo(warning == null ? List.of() : List.of(warning));
    }

    @Test
    void a_listener_on_loopback_is_reached_by_nobody_else() throws Exception {
        KongListeners listeners = new KongListeners(
                Listeners.configuration(Listeners.plain("127.0.0.1:3128")), Listeners.host("proxy.corp"));
        assertThat(url(listeners)).isEqualTo("http://proxy.corp:3128");
        assertThat(listeners.warnings())
                .containsExactly(
                        "listener 127.0.0.1:3128 is reached from its own machine only; other addresses to listen"
                                + " on stand in 'listen'");
    }

    @Test
    void a_load_balancer_may_have_another_port() throws Exception {
        KongOptions options = new KongOptions(
                Optional.empty(), Optional.of("lb.corp"), OptionalInt.of(8443), Optional.empty(), Optional.empty());
        assertThat(url(new KongListeners(Listeners.configuration(Listeners.plain("0.0.0.0:3128")), options)))
                .isEqualTo("http://lb.corp:8443");
    }

    private KongListeners tls(KongOptions options, String... names) throws Exception {
        return new KongListeners(
                Listeners.configuration(Listeners.listener(
                        "10.0.0.5:3129", Optional.of(Listeners.certified(directory, names)), Optional.empty())),
                options);
    }

    @Test
    void a_tls_listener_is_reached_under_the_first_name_of_its_certificate() throws Exception {
        KongListeners listeners = tls(Listeners.NONE, "*.wild.corp", "proxy.corp", "other.corp");
        assertThat(url(listeners)).isEqualTo("https://proxy.corp:3129");
        assertThat(listeners.warnings()).isEmpty();
        assertThat(listeners.found().get(0).hints())
                .containsExactly(
                        "The CA: " + directory.resolve("ca.crt") + " of the proxy.",
                        "Kong resolves the name once, when it starts.");
    }

    @Test
    void a_file_that_did_not_issue_the_certificate_is_no_ca() throws Exception {
        ServerFiles files = Listeners.certified(directory, "proxy.corp");
        Listeners.write(directory.resolve("ca.crt"), new CarelessCa().certificate());
        ListenerSettings listener = Listeners.listener("10.0.0.5:3129", Optional.of(files), Optional.empty());
        assertThat(new KongListeners(Listeners.configuration(listener), Listeners.NONE)
                        .found()
                        .get(0)
                        .hints())
                .first()
                .isEqualTo("The CA: the one that issued " + directory.resolve("tls.crt")
                        + " of the proxy. If it is a public one, 'system' is enough.");
    }

    @Test
    void a_name_that_is_none_is_not_printed() throws Exception {
        assertThat(url(tls(Listeners.NONE, "x y", "x\nproxy_server=http", "a@b", "'$(id)'", "proxy.corp")))
                .isEqualTo("https://proxy.corp:3129");
    }

    @Test
    void a_tls_listener_is_never_reached_at_its_address() throws Exception {
        assertThat(url(tls(Listeners.NONE, "*.wild.corp"))).isEqualTo("https://PROXY-HOST:3129");
        assertThat(tls(Listeners.host("10.0.0.5"), "proxy.corp").warnings())
                .containsExactly(
                        "listener 10.0.0.5:3129 cannot be verified by Kong at an IP address: give a name of its"
                                + " certificate with --host");
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.corp, true",
        "PROXY.corp, true",
        "a.wild.corp, true",
        "wild.corp, false",
        "a.b.wild.corp, false",
        "other.corp, false"
    })
    void a_host_is_in_the_certificate_or_kong_will_not_connect(String host, boolean covered) throws Exception {
        assertThat(tls(Listeners.host(host), "proxy.corp", "*.wild.corp").warnings())
                .isEqualTo(
                        covered
                                ? List.of()
                                : List.of(
                                        "listener 10.0.0.5:3129 has a certificate for proxy.corp, *.wild.corp and not for "
                                                + host + ": Kong will not connect"));
    }

    @Test
    void a_listener_that_demands_a_certificate_is_not_for_kong() throws Exception {
        ServerFiles files = new ServerFiles("tls.crt", "tls.key", Optional.empty(), Optional.of("clients.crt"));
        KongListeners listeners = new KongListeners(
                Listeners.configuration(
                        Listeners.listener("10.0.0.5:3129", Optional.of(files), Optional.empty()),
                        Listeners.plain("10.0.0.5:3128")),
                Listeners.NONE);
        assertThat(url(listeners)).isEqualTo("http://10.0.0.5:3128");
        assertThat(listeners.warnings())
                .containsExactly(
                        "listener 10.0.0.5:3129 is not for Kong: it demands a client certificate, and Kong has none"
                                + " for a proxy");
    }

    @Test
    void a_port_that_the_system_chooses_is_not_for_kong() throws Exception {
        KongListeners listeners =
                new KongListeners(Listeners.configuration(Listeners.plain("10.0.0.5:0")), Listeners.NONE);
        assertThat(listeners.found()).isEmpty();
        assertThat(listeners.warnings()).singleElement().asString().contains("the system chooses its port");
    }

    private KongListeners withUsers(KongOptions options) throws Exception {
        Path users = Files.writeString(
                directory.resolve("users"), "# those of the shop\ndp-shop:" + HASH + "\n\u00fcser:" + HASH + "\n");
        return new KongListeners(
                Listeners.configuration(
                        Listeners.listener("10.0.0.5:3128", Optional.empty(), Optional.of(users.toString()))),
                options);
    }

    @Test
    void a_listener_with_users_leaves_a_place_for_them() throws Exception {
        KongListeners listeners = withUsers(Listeners.NONE);
        assertThat(url(listeners)).isEqualTo("http://USER:PASSWORD@10.0.0.5:3128");
        assertThat(listeners.warnings())
                .containsExactly(
                        "listener 10.0.0.5:3128 demands credentials: replace USER and PASSWORD, or give --user and"
                                + " --password-file");
    }

    @Test
    void a_user_who_is_known_is_no_reason_to_warn() throws Exception {
        assertThat(withUsers(Listeners.login("dp-shop", "x")).warnings()).isEmpty();
        assertThat(withUsers(Listeners.login("\u00fcser", "x")).warnings()).isEmpty();
    }

    @Test
    void a_user_who_is_not_known_is() throws Exception {
        assertThat(withUsers(Listeners.login("# those of the shop", "x")).warnings())
                .containsExactly("listener 10.0.0.5:3128 will refuse # those of the shop, who is not in "
                        + directory.resolve("users"));
        ListenerSettings unreadable =
                Listeners.listener("10.0.0.5:3128", Optional.empty(), Optional.of(directory + "/none"));
        assertThat(new KongListeners(Listeners.configuration(unreadable), Listeners.login("dp", "x")).warnings())
                .containsExactly("listener 10.0.0.5:3128 may not know dp: " + directory + "/none cannot be read here");
    }

    @Test
    void a_user_is_told_to_nobody_who_does_not_ask() throws Exception {
        KongListeners listeners = new KongListeners(
                Listeners.configuration(Listeners.plain("10.0.0.5:3128")), Listeners.login("dp", "hidden"));
        assertThat(url(listeners)).isEqualTo("http://proxy.corp.example:3128");
        assertThat(listeners.warnings())
                .containsExactly("listener 10.0.0.5:3128 asks nobody for credentials: dp is left out of its address");
    }

    @Test
    void only_listed_clients_are_permitted_anything() throws Exception {
        EgressPolicy.Clients users =
                new EgressPolicy.Clients(List.of(Listeners.entry(new Match.User("dp-shop"))), true);
        EgressPolicy.Clients sources =
                new EgressPolicy.Clients(List.of(Listeners.entry(new Match.Source(Cidr.parse("10.0.0.0/8")))), true);
        ListenerSettings plain = Listeners.plain("10.0.0.5:3128");
        Path file = Files.writeString(directory.resolve("users"), "dp-shop:" + HASH + "\ndp-other:" + HASH + "\n");
        ListenerSettings credentials =
                Listeners.listener("10.0.0.5:3128", Optional.empty(), Optional.of(file.toString()));

        assertThat(clientWarnings(users, credentials, Listeners.login("dp-shop", "x")))
                .isEmpty();
        assertThat(clientWarnings(users, credentials, Listeners.login("dp-other", "x")))
                .containsExactly(
                        "listener 10.0.0.5:3128 permits dp-other nothing: no entry of clients fits (clients-only)");
        assertThat(clientWarnings(users, plain, Listeners.NONE))
                .containsExactly(
                        "listener 10.0.0.5:3128 permits whoever comes without a user nothing: no entry of clients"
                                + " fits (clients-only)");
        assertThat(clientWarnings(sources, credentials, Listeners.login("dp-shop", "x")))
                .containsExactly("listener 10.0.0.5:3128 permits dp-shop nothing unless a 'source' of clients fits"
                        + " (clients-only)");
        assertThat(clientWarnings(
                        new EgressPolicy.Clients(users.entries(), false),
                        credentials,
                        Listeners.login("dp-other", "x")))
                .isEmpty();
    }

    private static List<String> clientWarnings(
            EgressPolicy.Clients clients, ListenerSettings listener, KongOptions options) throws Exception {
        return new KongListeners(Listeners.configuration(clients, listener), options).warnings();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5:3129", "3129"})
    void one_of_several_listeners_can_be_chosen(String chosen) throws Exception {
        KongOptions options = new KongOptions(
                Optional.of(chosen), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
        ListenerSettings[] both = {Listeners.plain("10.0.0.5:3128"), Listeners.plain("10.0.0.5:3129")};
        assertThat(url(new KongListeners(Listeners.configuration(both), options)))
                .isEqualTo("http://10.0.0.5:3129");
        assertThat(new KongListeners(Listeners.configuration(both), Listeners.NONE).warnings())
                .containsExactly("2 listeners: each block stands for itself; --listener chooses one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5:312", "28", "", "10.0.0.5"})
    void a_listener_that_is_not_there_cannot_be_chosen(String chosen) throws Exception {
        KongOptions options = new KongOptions(
                Optional.of(chosen), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
        var configuration = Listeners.configuration(Listeners.plain("10.0.0.5:3128"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KongListeners(configuration, options))
                .withMessage(
                        "--listener " + chosen + " is no listener of this configuration; these are: 10.0.0.5:3128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "[fd00::5]",
                "proxy.corp:3128",
                "user@proxy",
                "a b",
                "",
                "proxy.corp.",
                "-a",
                "x\ny",
                "a..b",
                "pr\u00f6xy"
            })
    void a_host_is_a_name_or_an_ipv4_address(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listeners.host(host))
                .withMessageStartingWith("--host must be");
    }

    @Test
    void what_cannot_be_credentials_is_not_taken_for_some() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listeners.login("a:b", "x"))
                .withMessageStartingWith("--user must be");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listeners.login("dp", "secret\tx"))
                .withMessageStartingWith("--password-file holds")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KongOptions(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.of(new Secret("x"))))
                .withMessage("--password-file needs --user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KongOptions(
                        Optional.empty(), Optional.empty(), OptionalInt.of(0), Optional.empty(), Optional.empty()))
                .withMessageStartingWith("--port");
    }

    @Test
    void no_password_is_in_what_may_be_logged() throws Exception {
        KongListeners listeners = withUsers(Listeners.login("dp-shop", "hidden"));
        assertThat(listeners.found().toString())
                .contains("10.0.0.5")
                .doesNotContain("hidden")
                .doesNotContain("dp-shop");
        assertThat(Listeners.login("dp-shop", "hidden").toString()).doesNotContain("hidden");
    }
}
