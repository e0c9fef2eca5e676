package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.S3Settings.HttpProxy;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.mirror.MirrorUrl.Protocol;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.server.config.Configuration.Admin;
import io.konnectproxy.server.config.Configuration.Dns;
import io.konnectproxy.server.config.Configuration.Limits;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.config.Configuration.Timeouts;
import io.konnectproxy.server.tls.ServerFiles;
import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.target.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each record twice: its defaults, and every key set and read back, from the file and from the environment. */
class ConfigurationTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void defaults() throws UnknownHostException {
        LoadedConfiguration loaded = Examples.load(directory, "regions: [us]");
        Configuration configuration = loaded.configuration();

        assertThat(configuration.listen()).containsExactly(new ListenerSettings(address("127.0.0.1", 3128)));
        assertThat(configuration.konnectHosts()).isEmpty();
        assertThat(configuration.rules().regions()).containsExactly(new Region("us"));
        assertThat(configuration.rules().purposes())
                .extracting(Purpose::name)
                .containsExactlyInAnyOrder("platform", "api", "kic", "data-plane", "portal");
        assertThat(configuration.rules().pins()).isEmpty();
        assertThat(configuration.rules().extraHosts()).isEmpty();
        assertThat(configuration.rules().mode()).isEqualTo(Mode.ENFORCE);
        assertThat(configuration.resumption()).isEqualTo(Configuration.Resumption.PERMIT);
        assertThat(configuration.dns())
                .isEqualTo(new Dns(List.of(), Duration.ofSeconds(2), Configuration.Dns.AddressFamily.IPV4_FIRST));
        assertThat(configuration.clients()).isEqualTo(EgressPolicy.Clients.none());
        assertThat(configuration.parents()).isEmpty();
        assertThat(configuration.sourceAddress()).isEmpty();
        assertThat(configuration.permitAddresses()).isEmpty();
        assertThat(configuration.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(15),
                        Duration.ofSeconds(30)));
        assertThat(configuration.limits())
                .isEqualTo(new Limits(10_000, 1_000, 100, new MemoryLimit.Percentage(40), 60, 16_384));
        assertThat(configuration.audit())
                .isEqualTo(new AuditSettings(
                        Optional.of("audit/konnect-proxy.jsonl"),
                        AuditSettings.Stdout.ON,
                        AuditSettings.OnFailure.REFUSE,
                        AuditSettings.Durability.OS,
                        new Rotation(
                                Optional.of(256L << 20),
                                false,
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
        assertThat(configuration.admin()).isEqualTo(new Admin(address("127.0.0.1", 9090), true, Optional.empty()));
        assertThat(loaded.origins())
                .containsEntry("regions", "konnect-proxy.yaml:1")
                .containsEntry("mode", "default");
    }

    @Test
    void reads_every_key_of_the_file() throws UnknownHostException {
        LoadedConfiguration loaded = Examples.load(directory, Examples.FULL);

        everythingIsSet(loaded.configuration());
        assertThat(loaded.origins().values()).allMatch(origin -> origin.matches("konnect-proxy\\.yaml:[0-9]+"));
        assertThat(loaded.origins())
                .containsEntry("mode", "konnect-proxy.yaml:21")
                .containsEntry("dns.timeout", "konnect-proxy.yaml:53");
    }

    @Test
    void reads_every_key_of_the_environment() throws UnknownHostException {
        LoadedConfiguration loaded = Examples.load(directory, "# all from the environment", Examples.FULL_ENVIRONMENT);

        everythingIsSet(loaded.configuration());
        assertThat(loaded.origins().values()).containsExactlyInAnyOrderElementsOf(Examples.FULL_ENVIRONMENT.keySet());
    }

    @Test
    void the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]\ntimeouts: { head: 1s, idle: 1m }",
                Map.of("KONNECT_PROXY_REGIONS", "eu", "KONNECT_PROXY_TIMEOUTS_HEAD", "7s"));

        assertThat(loaded.configuration().rules().regions()).containsExactly(new Region("eu"));
        assertThat(loaded.configuration().timeouts().head()).isEqualTo(Duration.ofSeconds(7));
        assertThat(loaded.configuration().timeouts().idle()).isEqualTo(Duration.ofMinutes(1));
        assertThat(loaded.configuration().timeouts().connect()).isEqualTo(Duration.ofSeconds(4));
        assertThat(loaded.origins())
                .containsEntry("regions", "KONNECT_PROXY_REGIONS")
                .containsEntry("timeouts.head", "KONNECT_PROXY_TIMEOUTS_HEAD")
                .containsEntry("timeouts.idle", "konnect-proxy.yaml:2")
                .containsEntry("timeouts.connect", "default");
    }

    @Test
    void a_proxy_without_a_name_has_that_of_the_machine() {
        String machine = InstanceName.ofThisMachine();
        assertThat(machine).matches("[A-Za-z0-9._-]{1,63}");
        for (String unnamed : List.of("regions: [us]", "regions: [us]\ninstance: \"\"")) {
            assertThat(Examples.load(directory, unnamed).configuration().instance())
                    .isEqualTo(machine);
        }
    }

    @Test
    void the_name_of_a_machine_is_made_one_of_a_proxy() {
        assertThat(InstanceName.allowed("edge-1\n")).isEqualTo("edge-1");
        assertThat(InstanceName.allowed("caf\u00e9 1")).isEqualTo("caf--1");
        assertThat(InstanceName.allowed("h".repeat(64))).isEqualTo("h".repeat(63));
        assertThat(InstanceName.allowed("\n")).isEqualTo("localhost");
    }

    @Test
    void the_shipped_file_says_the_defaults() throws ConfigurationException {
        LoadedConfiguration shipped = ConfigurationLoader.load(Examples.SHIPPED, Map.of());
        Configuration configuration = shipped.configuration();
        Configuration defaults = Examples.load(directory, "regions: [us]").configuration();

        assertThat(configuration)
                .usingRecursiveComparison()
                .ignoringFields("catalog", "audit.rotate.keepSize")
                .isEqualTo(defaults);
        assertThat(shipped.origins().values()).as("every key stands in it").doesNotContain("default");
        assertThat(Examples.text(Examples.SHIPPED))
                .startsWith("# yaml-language-server: $schema=./konnect-proxy.schema.json\n");
    }

    @Test
    void the_shipped_file_bounds_the_volume_of_the_trail_and_keeps_more_than_a_day_of_a_flood() {
        LoadedConfiguration shipped = Examples.load(directory, Examples.text(Examples.SHIPPED));
        assertThat(shipped.configuration().audit().rotate().keepSize()).contains(8L << 30);
        assertThat(shipped.warnings()).noneMatch(warning -> warning.contains("audit.rotate"));
    }

    @Test
    void a_password_comes_from_the_environment_and_is_shown_nowhere() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]\naudit: {sign: {key: audit.pem}}",
                Map.of("KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD", "s3cret"));

        assertThat(loaded.configuration().audit().sign())
                .flatMap(Signing::keyPassword)
                .contains(new Secret("s3cret"));
        assertThat(new ConfigurationSummary(loaded).full())
                .anyMatch(line -> line.matches(
                        "audit\\.sign\\.key-password +\\*\\*\\* +\\(KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD\\)"))
                .noneMatch(line -> line.contains("s3cret"));
        assertThat(loaded.toString()).doesNotContain("s3cret");
    }

    @Test
    void an_audit_file_of_null_is_none() {
        assertThat(Examples.load(directory, "regions: [us]\naudit: {file: null}")
                        .configuration()
                        .audit()
                        .file())
                .isEmpty();
        assertThat(Examples.load(directory, "regions: [us]", Map.of("KONNECT_PROXY_AUDIT_FILE", ""))
                        .configuration()
                        .audit()
                        .file())
                .isEmpty();
    }

    @Test
    void the_summary_names_every_key() {
        LoadedConfiguration loaded = Examples.load(directory, Examples.FULL);

        assertThat(new ConfigurationSummary(loaded).values())
                .extracting(ConfigurationSummary.Value::key)
                .containsExactlyInAnyOrderElementsOf(loaded.origins().keySet());
    }

    private static void everythingIsSet(Configuration configuration) throws UnknownHostException {
        assertThat(configuration.listen())
                .containsExactly(
                        new ListenerSettings(address("0.0.0.0", 13128)),
                        new ListenerSettings(
                                address("::1", 0),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(Cidr.parse("::1/128")),
                                List.of(Cidr.parse("::/0")),
                                List.of()),
                        new ListenerSettings(
                                address("127.0.0.1", 13129),
                                Optional.of(new ServerFiles(
                                        ExampleFiles.CERTIFICATE,
                                        ExampleFiles.ENCRYPTED_KEY,
                                        Optional.of(ExampleFiles.KEY_PASSWORD),
                                        Optional.of(ExampleFiles.CA))),
                                Optional.of(ExampleFiles.USERS),
                                List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("127.0.0.0/8")),
                                List.of(Cidr.parse("127.0.0.1/32")),
                                List.of(Cidr.parse("10.0.0.10/32"))));
        assertThat(configuration.konnectHosts()).contains("../config/konnect-hosts.yaml");
        assertThat(configuration.rules().regions()).containsExactlyInAnyOrder(new Region("eu"), new Region("in"));
        assertThat(configuration.rules().purposes()).containsExactlyInAnyOrder(new Purpose("mesh"), new Purpose("api"));
        assertThat(configuration.rules().pins())
                .containsExactlyInAnyOrder(
                        new TenantLabel(OpenLabel.CONTROL_PLANE, "0646a7d680"),
                        new TenantLabel(OpenLabel.CONTROL_PLANE, "1234567890"),
                        new TenantLabel(OpenLabel.PORTAL, "my-portal"),
                        new TenantLabel(OpenLabel.TENANT, "acme"),
                        new TenantLabel(OpenLabel.TENANT, "42"));
        assertThat(configuration.rules().mode()).isEqualTo(Mode.REPORT_ONLY);
        assertThat(configuration.resumption()).isEqualTo(Configuration.Resumption.REFUSE);
        assertThat(configuration.instance()).isEqualTo("edge-1.corp");
        assertThat(configuration.rules().extraHosts())
                .containsExactly(
                        new ExtraHost(
                                "mirror", HostName.of("kong.mirror.corp"), Set.of(HostName.of("cdn.mirror.corp"))),
                        new ExtraHost("other", HostName.of("other.corp"), Set.of()));
        assertThat(configuration.dns())
                .isEqualTo(new Dns(
                        List.of(address("10.0.0.2", 53), address("10.0.0.3", 5353), address("fd00::53", 53)),
                        Duration.ofMillis(1500),
                        Configuration.Dns.AddressFamily.IPV4_ONLY));
        everyWayInAndOutIsSet(configuration);
        assertThat(configuration.permitAddresses())
                .containsExactly(Cidr.parse("10.20.0.0/16"), Cidr.parse("192.168.0.0/16"));
        assertThat(configuration.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        Duration.ofHours(2),
                        Duration.ofMinutes(1)));
        assertThat(configuration.limits()).isEqualTo(new Limits(20, 10, 5, new MemoryLimit.Fixed(64L << 20), 30, 2048));
        assertThat(configuration.audit())
                .isEqualTo(new AuditSettings(
                        Optional.of("trail/audit.jsonl"),
                        AuditSettings.Stdout.OFF,
                        AuditSettings.OnFailure.CONTINUE,
                        AuditSettings.Durability.DISK,
                        new Rotation(
                                Optional.of(2L << 30),
                                true,
                                true,
                                Optional.of(90),
                                Optional.of(Duration.ofDays(400)),
                                Optional.of(20L << 30)),
                        Optional.of(new Signing(
                                "audit.pem",
                                Optional.of("audit.password"),
                                Optional.empty(),
                                50,
                                Duration.ofSeconds(10))),
                        List.of(
                                new MirrorTarget(
                                        new MirrorUrl(Protocol.SYSLOG_TLS, "logs.corp", 6514, ""), Optional.empty()),
                                new MirrorTarget(
                                        new MirrorUrl(Protocol.OTLP_HTTP, "fd00::1", 4318, "/v1/logs"),
                                        Optional.empty(),
                                        LineFormat.OCSF)),
                        Optional.of(new Archive(
                                new BucketUrl("trails", "fleet"),
                                new S3Settings(
                                        Optional.of(URI.create("https://s3.corp:9000")),
                                        Optional.of("eu-central-1"),
                                        Optional.of(TrustedCertificates.read(ExampleFiles.CA)),
                                        Optional.of(new HttpProxy(
                                                "10.0.0.9",
                                                3129,
                                                true,
                                                configuration
                                                        .parents()
                                                        .get(1)
                                                        .url()
                                                        .credentials(),
                                                configuration.parents().get(1).trust()))),
                                Optional.of(Duration.ofDays(400)),
                                false,
                                false))));
        assertThat(configuration.admin())
                .isEqualTo(new Admin(address("127.0.0.1", 19090), false, Optional.of(ExampleFiles.USERS)));
    }

    private static void everyWayInAndOutIsSet(Configuration configuration) throws UnknownHostException {
        assertThat(configuration.clients())
                .isEqualTo(new EgressPolicy.Clients(
                        List.of(
                                new ClientEntry(
                                        "payments",
                                        new Match.User("dp-payments"),
                                        Set.of(new Region("us")),
                                        Set.of(new Purpose("data-plane"), new Purpose("kic")),
                                        Set.of(
                                                new TenantLabel(OpenLabel.CONTROL_PLANE, "36fc5d01be"),
                                                new TenantLabel(OpenLabel.PORTAL, "my-portal"),
                                                new TenantLabel(OpenLabel.TENANT, "acme"),
                                                new TenantLabel(OpenLabel.TENANT, "42"))),
                                new ClientEntry(
                                        "zone",
                                        new Match.Certificate("zone.corp"),
                                        configuration.rules().regions(),
                                        configuration.rules().purposes(),
                                        configuration.rules().pins()),
                                new ClientEntry(
                                        "lab",
                                        new Match.Source(Cidr.parse("10.9.0.0/16")),
                                        configuration.rules().regions(),
                                        Set.of(
                                                new Purpose("data-plane"),
                                                new Purpose("portal"),
                                                new Purpose("identity")),
                                        Set.of(
                                                new TenantLabel(OpenLabel.PORTAL, "lab-portal"),
                                                new TenantLabel(OpenLabel.TENANT, "lab")))),
                        true));
        assertThat(configuration.parents())
                .containsExactly(
                        new Parent(
                                new ParentUrl(false, "proxy.corp", 3128, Optional.of(new Secret("user:p@ss"))),
                                Parent.Resolving.PARENT,
                                Optional.empty(),
                                Set.of(new Purpose("api"))),
                        new Parent(
                                new ParentUrl(
                                        true, "10.0.0.9", 3129, Optional.of(new Secret("proxy-user:of:the parent%"))),
                                Parent.Resolving.LOCAL,
                                Optional.of(TrustedCertificates.read(ExampleFiles.CA)),
                                Set.of()));
        assertThat(configuration.sourceAddress()).contains(InetAddress.getByName("10.0.0.5"));
    }

    @Test
    void plain_values_of_variables_are_addresses_and_urls() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]",
                Map.of(
                        "KONNECT_PROXY_LISTEN", "0.0.0.0:3128, [::1]:3129",
                        "KONNECT_PROXY_PARENTS", "http://a:3128,https://user:a%2Cb@b.corp:443"));

        assertThat(loaded.configuration().listen())
                .extracting(listener -> SocketAddresses.text(listener.address()))
                .containsExactly("0.0.0.0:3128", "[::1]:3129");
        assertThat(loaded.configuration().parents())
                .extracting(Parent::url)
                .containsExactly(
                        new ParentUrl(false, "a", 3128, Optional.empty()),
                        new ParentUrl(true, "b.corp", 443, Optional.of(new Secret("user:a,b"))));
    }

    private static InetSocketAddress address(String literal, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(literal), port);
    }
}
