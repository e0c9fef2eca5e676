package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema that editors use and the reader that decides say the same. */
class SchemaTest {
    private static final JsonNode SCHEMA = new JsonMapper().readTree(Examples.text(Examples.SCHEMA));

    @TempDir
    private Path directory = Path.of("");

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SCHEMA);

    @Test
    void the_shipped_file_and_a_full_one_are_valid() {
        assertThat(schema.validate(Examples.text(Examples.SHIPPED), InputFormat.YAML))
                .isEmpty();
        assertThat(schema.validate(Examples.FULL, InputFormat.YAML)).isEmpty();
        assertThat(schema.validate("regions: [us]", InputFormat.YAML)).isEmpty();
    }

    @Test
    void the_keys_are_those_that_are_read() {
        Set<String> keys = new TreeSet<>();
        leaves("", SCHEMA, keys);

        assertThat(keys)
                .isEqualTo(new TreeSet<>(
                        Examples.load(directory, Examples.FULL).origins().keySet()));
    }

    @Test
    void the_regions_and_purposes_are_those_of_the_shipped_table() {
        assertThat(suggested("regions"))
                .isEqualTo(names(ConfigurationLoader.packagedCatalog().regions()));
        assertThat(suggested("purposes"))
                .isEqualTo(names(ConfigurationLoader.packagedCatalog().purposes()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regions: []",
                "regions: us",
                "regions: [US]",
                "regions: [us, us]",
                "regions: [us]\nregion: us",
                "regions: [us]\nmode: Enforce",
                "regions: [us]\nmode: null",
                "regions: [us]\npurposes: []",
                "regions: [us]\npurposes: [data_plane]",
                "regions: [us]\nlisten: []",
                "regions: [us]\nlisten: [127.0.0.1:3128]",
                "regions: [us]\nlisten: [{}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1}]",
                "regions: [us]\nlisten: [{address: proxy.corp:3128}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, tls: {}}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, tls: null}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, tls: {certificate: pom.xml}}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, credentials: ''}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, sources: 10.0.0.0/8}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, sources: null}]",
                "regions: [us]\nlisten: [{address: 127.0.0.1:1, proxy-protocol: [10.0.0.1]}]",
                "regions: [us]\nclients: [{user: dp}]",
                "regions: [us]\nclients: [{name: a}]",
                "regions: [us]\nclients: [{name: a b, source: 127.0.0.0/8}]",
                "regions: [us]\nclients: [{name: a, user: dp, source: 127.0.0.0/8}]",
                "regions: [us]\nclients: [{name: a, user: 'd:p'}]",
                "regions: [us]\nclients: [{name: a, certificate: '*.corp'}]",
                "regions: [us]\nclients: [{name: a, source: 127.0.0.1}]",
                "regions: [us]\nclients: [{name: a, source: 127.0.0.0/8, regions: []}]",
                "regions: [us]\nclients: [{name: a, source: 127.0.0.0/8, purposes: []}]",
                "regions: [us]\nclients: [{name: a, source: 127.0.0.0/8, mode: enforce}]",
                "regions: [us]\nclients-only: yes",
                "regions: [us]\ninstance: a/b",
                "regions: [us]\ninstance: [a]",
                "regions: [us]\nparents: http://a:1",
                "regions: [us]\nparents: [http://a:1]",
                "regions: [us]\nparents: [{dns: parent}]",
                "regions: [us]\nparents: [{url: 'http://a'}]",
                "regions: [us]\nparents: [{url: 'http://a:1/'}]",
                "regions: [us]\nparents: [{url: 'socks5://a:1'}]",
                "regions: [us]\nparents: [{url: 'HTTP://a:1'}]",
                "regions: [us]\nparents: [{url: 'http://u@a:1'}]",
                "regions: [us]\nparents: [{url: 'http://u:p@p@a:1'}]",
                "regions: [us]\nparents: [{url: 'http://a:1', dns: remote}]",
                "regions: [us]\nparents: [{url: 'http://a:1', trust: a.pem}]",
                "regions: [us]\nparents: [{url: 'http://a:1', purposes: []}]",
                "regions: [us]\nparents: [{url: 'http://u:p@a:1', credentials-file: a}]",
                "regions: [us]\nsource-address: egress.corp",
                "regions: [us]\nsource-address: 10.0.0.5:1",
                "regions: [us]\ndns: {family: ipv4}",
                "regions: [us]\ndns: {family: null}",
                "regions: [us]\ncontrol-planes: [36fc5d01-be00-4000-8000-0123456789ab]",
                "regions: [us]\ncontrol-planes: [a.b]",
                "regions: [us]\nportals: [A]",
                "regions: [us]\ntenants: mine",
                "regions: [us]\ndns: null",
                "regions: [us]\ndns: {servers: [dns.corp]}",
                "regions: [us]\ndns: {timeout: 2}",
                "regions: [us]\ndns: {timeouts: 2s}",
                "regions: [us]\npermit-addresses: 10.0.0.0/8",
                "regions: [us]\ntimeouts: {idle: 0s}",
                "regions: [us]\ntimeouts: {client_hello: 1s}",
                "regions: [us]\nlimits: {tunnels: 0}",
                "regions: [us]\nlimits: {tunnels: 1000001}",
                "regions: [us]\nlimits: {refusals-per-minute: 0}",
                "regions: [us]\nlimits: {refusals-per-minute: 501}",
                "regions: [us]\nlimits: {refusals-per-minute: null}",
                "regions: [us]\nlimits: {head-bytes: 65KiB}",
                "regions: [us]\nlimits: {pending-per-client: 0}",
                "regions: [us]\nlimits: {memory: 0%}",
                "regions: [us]\nlimits: {memory: 1000000000}",
                "regions: [us]\naudit: {rotate: {size: 1000000000}}",
                "regions: [us]\nlimits: {memory: 91%}",
                "regions: [us]\nlimits: {memory: 1TiB}",
                "regions: [us]\nlimits: {head-bytes: 1023}",
                "regions: [us]\naudit: {stdout: yes}",
                "regions: [us]\naudit: {file: null, stdout: false}",
                "regions: [us]\naudit: {on-failure: ignore}",
                "regions: [us]\naudit: {durability: sync}",
                "regions: [us]\naudit: {rotate: {size: 1023}}",
                "regions: [us]\naudit: {rotate: {size: 1TiB}}",
                "regions: [us]\naudit: {rotate: {keep: 0}}",
                "regions: [us]\naudit: {rotate: {keep-for: 400}}",
                "regions: [us]\naudit: {rotate: {max: 1}}",
                "regions: [us]\naudit: {sign: {key: ''}}",
                "regions: [us]\naudit: {sign: {key: a.pem, every: 0}}",
                "regions: [us]\naudit: {sign: {key: a.pem, key-password: p}}",
                "regions: [us]\naudit: {mirrors: syslog+tcp://a:601}",
                "regions: [us]\naudit: {mirrors: [syslog+tcp://a:601]}",
                "regions: [us]\naudit: {mirrors: [{trust: pom.xml}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'syslog+tcp://a:601', format: cef}]}",
                "regions: [us]\naudit: {mirrors: [{url: syslog+tcp://a}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'syslog+tcp://a:0'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'syslog+tcp://a:601/b'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'syslog+udp://a:514'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'otlp+http://u:p@a:1'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'otlp+http://a:1?b'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'otlp+http://a:1/'}]}",
                "regions: [us]\naudit: {mirrors: [{url: 'syslog+tcp://a:601', trust: a.pem}]}",
                "regions: [us]\naudit: {archive: s3://trails}",
                "regions: [us]\naudit: {archive: {url: 'https://trails'}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, endpoint: 's3.corp'}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, endpoint: 'https://a@b'}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, region: EU}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, retain-for: 400}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, lock: none}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, keep-unarchived: maybe}}",
                "regions: [us]\naudit: {archive: {url: s3://trails, key: secret}}",
                "regions: [us]\nextra-hosts: [{name: a}]",
                "regions: [us]\nextra-hosts: [{name: a, host: '*.corp'}]",
                "regions: [us]\nextra-hosts: [{name: a, host: 10.0.0.1}]",
                "regions: [us]\nextra-hosts: [{name: a, host: a.corp, port: 443}]",
                "regions: [us]\nadmin: {address: null}",
                "[]"
            })
    void what_is_wrong_is_wrong_to_both(String yaml) {
        assertThat(schema.validate(yaml, InputFormat.YAML)).isNotEmpty();
        assertThat(Examples.problems(directory, yaml, Map.of())).isNotEmpty();
    }

    /** The paths of everything that has no keys of its own; lists count as one, as the environment sees them. */
    private static void leaves(String path, JsonNode node, Set<String> into) {
        if (!node.has("properties")) {
            into.add(path);
            return;
        }
        node.get("properties")
                .properties()
                .forEach(each ->
                        leaves(path.isEmpty() ? each.getKey() : path + "." + each.getKey(), each.getValue(), into));
    }

    private static Set<String> suggested(String key) {
        JsonNode names = SCHEMA.at("/properties/" + key + "/items/anyOf/0/enum");
        return new TreeSet<>(StreamSupport.stream(names.spliterator(), false)
                .map(JsonNode::asString)
                .toList());
    }

    private static Set<String> names(Collection<?> values) {
        return new TreeSet<>(values.stream().map(Object::toString).toList());
    }
}
