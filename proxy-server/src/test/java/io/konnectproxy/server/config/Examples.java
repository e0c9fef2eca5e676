package io.konnectproxy.server.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Configurations for tests. Tests run in the directory of their module. */
final class Examples {
    static final Path SHIPPED = Path.of("../config/konnect-proxy.yaml");
    static final Path SHIPPED_HOSTS = Path.of("../config/konnect-hosts.yaml");
    static final Path SCHEMA = Path.of("../config/konnect-proxy.schema.json");

    /** Every key, none with its default. */
    static final String FULL = ExampleFiles.in("""
        listen:
          - address: 0.0.0.0:13128
          - address: "[::1]:0"
            sources: ["::1/128"]
            proxy-protocol: ["::/0"]
          - address: localhost:13129
            tls:
              certificate: FILES/server.crt
              key: FILES/encrypted.key
              key-password-file: FILES/key.password
              client-ca: FILES/ca.crt
            credentials: FILES/users.htpasswd
            sources: [10.0.0.0/8, 127.0.0.0/8]
            proxy-protocol: [127.0.0.1/32]
            probes: [10.0.0.10/32]
        regions: [eu, in]
        purposes: [mesh, api]
        control-planes: [0646a7d680, 1234567890]
        portals: [my-portal]
        tenants: [acme, 42]
        mode: report-only
        resumption: refuse
        extra-hosts:
          - name: mirror
            host: Kong.mirror.corp
            expected-sni: [cdn.mirror.corp]
          - { name: other, host: other.corp }
        konnect-hosts: ../config/konnect-hosts.yaml
        clients:
          - name: payments
            user: dp-payments
            regions: [us]
            purposes: [data-plane, kic]
            control-planes: [36fc5d01be]
          - { name: zone, certificate: zone.corp }
          - name: lab
            source: 10.9.0.0/16
            purposes: [data-plane, portal, identity]
            control-planes: []
            portals: [lab-portal]
            tenants: [lab]
        clients-only: true
        parents:
          - url: "http://user:p%40ss@Proxy.corp:3128"
            dns: parent
            purposes: [api]
          - url: https://10.0.0.9:3129
            trust: FILES/ca.crt
            credentials-file: FILES/parent.password
        source-address: 10.0.0.5
        dns:
          servers: [10.0.0.2, "10.0.0.3:5353", "[fd00::53]:53"]
          timeout: 1500ms
          family: ipv4-only
        permit-addresses: [10.20.0.0/16, 192.168.0.0/16]
        timeouts:
          head: 1s
          connect: 3s
          client-hello: 2s
          idle: 2h
          drain: 1m
        limits:
          tunnels: 20
          tunnels-per-client: 10
          pending-per-client: 5
          memory: 64MiB
          refusals-per-minute: 30
          head-bytes: 2048
        audit:
          file: trail/audit.jsonl
          stdout: false
          on-failure: continue
          durability: disk
          rotate:
            size: 2GiB
            daily: true
            compress: true
            keep: 90
            keep-for: 400d
            keep-size: 20GiB
          sign:
            key: audit.pem
            key-password-file: audit.password
            every: 50
            interval: 10s
          mirrors:
            - url: syslog+tls://Logs.corp:6514
            - { url: "otlp+http://[fd00::1]:4318", format: ocsf }
          archive:
            url: s3://trails/fleet
            endpoint: https://S3.corp:9000/
            region: eu-central-1
            trust: FILES/ca.crt
            retain-for: 400d
            lock: governance
            keep-unarchived: false
            parent: https://10.0.0.9:3129
        admin:
          address: 127.0.0.1:19090
          page: false
          credentials: FILES/users.htpasswd
        instance: edge-1.corp
        """);

    /** The same from the environment; what is said by default in {@link #FULL} is said here too. */
    static final Map<String, String> FULL_ENVIRONMENT = Map.ofEntries(
            Map.entry(
                    "KONNECT_PROXY_LISTEN",
                    ExampleFiles.in("[{address: 0.0.0.0:13128}, {address: '[::1]:0', sources: ['::1/128'],"
                            + " proxy-protocol: ['::/0']}, {address: localhost:13129,"
                            + " tls: {certificate: FILES/server.crt, key: FILES/encrypted.key,"
                            + " key-password-file: FILES/key.password, client-ca: FILES/ca.crt},"
                            + " credentials: FILES/users.htpasswd, sources: [10.0.0.0/8, 127.0.0.0/8],"
                            + " proxy-protocol: [127.0.0.1/32], probes: [10.0.0.10/32]}]")),
            Map.entry("KONNECT_PROXY_REGIONS", "eu,in"),
            Map.entry("KONNECT_PROXY_PURPOSES", "mesh, api"),
            Map.entry("KONNECT_PROXY_CONTROL_PLANES", "0646a7d680,1234567890"),
            Map.entry("KONNECT_PROXY_PORTALS", "my-portal"),
            Map.entry("KONNECT_PROXY_TENANTS", "acme,42"),
            Map.entry("KONNECT_PROXY_MODE", "report-only"),
            Map.entry("KONNECT_PROXY_RESUMPTION", "refuse"),
            Map.entry("KONNECT_PROXY_INSTANCE", "edge-1.corp"),
            Map.entry(
                    "KONNECT_PROXY_EXTRA_HOSTS",
                    "[{name: mirror, host: kong.mirror.corp, expected-sni: [cdn.mirror.corp]},"
                            + " {name: other, host: other.corp}]"),
            Map.entry("KONNECT_PROXY_KONNECT_HOSTS", "../config/konnect-hosts.yaml"),
            Map.entry(
                    "KONNECT_PROXY_CLIENTS",
                    "[{name: payments, user: dp-payments, regions: [us], purposes: [data-plane, kic],"
                            + " control-planes: [36fc5d01be]}, {name: zone, certificate: zone.corp},"
                            + " {name: lab, source: 10.9.0.0/16, control-planes: [], portals: [lab-portal], tenants: [lab],"
                            + " purposes: [data-plane, portal, identity]}]"),
            Map.entry("KONNECT_PROXY_CLIENTS_ONLY", "true"),
            Map.entry(
                    "KONNECT_PROXY_PARENTS",
                    ExampleFiles.in("[{url: 'http://user:p%40ss@proxy.corp:3128', dns: parent, purposes: [api]},"
                            + " {url: 'https://10.0.0.9:3129', trust: FILES/ca.crt,"
                            + " credentials-file: FILES/parent.password}]")),
            Map.entry("KONNECT_PROXY_SOURCE_ADDRESS", "10.0.0.5"),
            Map.entry("KONNECT_PROXY_DNS_FAMILY", "ipv4-only"),
            Map.entry("KONNECT_PROXY_DNS_SERVERS", "10.0.0.2,10.0.0.3:5353,[fd00::53]:53"),
            Map.entry("KONNECT_PROXY_DNS_TIMEOUT", "1500ms"),
            Map.entry("KONNECT_PROXY_PERMIT_ADDRESSES", "10.20.0.0/16,192.168.0.0/16"),
            Map.entry("KONNECT_PROXY_TIMEOUTS_HEAD", "1s"),
            Map.entry("KONNECT_PROXY_TIMEOUTS_CONNECT", "3s"),
            Map.entry("KONNECT_PROXY_TIMEOUTS_CLIENT_HELLO", "2s"),
            Map.entry("KONNECT_PROXY_TIMEOUTS_IDLE", "2h"),
            Map.entry("KONNECT_PROXY_TIMEOUTS_DRAIN", "1m"),
            Map.entry("KONNECT_PROXY_LIMITS_TUNNELS", "20"),
            Map.entry("KONNECT_PROXY_LIMITS_TUNNELS_PER_CLIENT", "10"),
            Map.entry("KONNECT_PROXY_LIMITS_PENDING_PER_CLIENT", "5"),
            Map.entry("KONNECT_PROXY_LIMITS_MEMORY", "64MiB"),
            Map.entry("KONNECT_PROXY_LIMITS_REFUSALS_PER_MINUTE", "30"),
            Map.entry("KONNECT_PROXY_LIMITS_HEAD_BYTES", "2KiB"),
            Map.entry("KONNECT_PROXY_AUDIT_FILE", "trail/audit.jsonl"),
            Map.entry("KONNECT_PROXY_AUDIT_STDOUT", "false"),
            Map.entry("KONNECT_PROXY_AUDIT_ON_FAILURE", "continue"),
            Map.entry("KONNECT_PROXY_AUDIT_DURABILITY", "disk"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_SIZE", "2GiB"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_DAILY", "true"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_COMPRESS", "true"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_KEEP", "90"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_KEEP_FOR", "400d"),
            Map.entry("KONNECT_PROXY_AUDIT_ROTATE_KEEP_SIZE", "20GiB"),
            Map.entry("KONNECT_PROXY_AUDIT_SIGN_KEY", "audit.pem"),
            Map.entry("KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD_FILE", "audit.password"),
            Map.entry("KONNECT_PROXY_AUDIT_SIGN_EVERY", "50"),
            Map.entry("KONNECT_PROXY_AUDIT_SIGN_INTERVAL", "10s"),
            Map.entry(
                    "KONNECT_PROXY_AUDIT_MIRRORS",
                    "[syslog+tls://logs.corp:6514, {url: 'otlp+http://[fd00::1]:4318/v1/logs', format: ocsf}]"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_URL", "s3://trails/fleet"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_ENDPOINT", "https://s3.corp:9000"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_REGION", "eu-central-1"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_TRUST", ExampleFiles.in("FILES/ca.crt")),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_RETAIN_FOR", "400d"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_LOCK", "governance"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_KEEP_UNARCHIVED", "false"),
            Map.entry("KONNECT_PROXY_AUDIT_ARCHIVE_PARENT", "https://10.0.0.9:3129"),
            Map.entry("KONNECT_PROXY_ADMIN_ADDRESS", "127.0.0.1:19090"),
            Map.entry("KONNECT_PROXY_ADMIN_PAGE", "false"),
            Map.entry("KONNECT_PROXY_ADMIN_CREDENTIALS", ExampleFiles.USERS));

    private Examples() {}

    static Path write(Path directory, String yaml) {
        try {
            return Files.writeString(directory.resolve("konnect-proxy.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LoadedConfiguration load(Path directory, String yaml, Map<String, String> environment) {
        try {
            return ConfigurationLoader.load(write(directory, yaml), environment);
        } catch (ConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    /** The files that it names are those of today; whether they expire soon is a matter of the moment. */
    static LoadedConfiguration loadAt(Instant now, Path directory, String yaml) {
        try {
            return ConfigurationLoader.load(write(directory, yaml), Map.of(), SigningFiles.UNREAD, now);
        } catch (ConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    static LoadedConfiguration load(Path directory, String yaml) {
        return load(directory, yaml, Map.of());
    }

    /** All that is wrong, the directory left out of the places; empty where nothing is. */
    static List<String> problems(Path directory, String yaml, Map<String, String> environment) {
        try {
            ConfigurationLoader.load(write(directory, yaml), environment);
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(problem -> problem.replace(directory + "/", ""))
                    .toList();
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
