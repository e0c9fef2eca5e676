package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is said in words that help, all of it at once. */
class WrongConfigurationTest {
    private static final String REGIONS = "one of: au, eu, in, me, sg, us";

    @TempDir
    private Path directory = Path.of("");

    /** Each line follows {@code regions: [us]}, so what is wrong stands in line 2. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        mode: Enforce                       | mode: 'Enforce' is not known; did you mean 'enforce'? It must be one of: enforce, report-only
        mode:                               | mode: has no value; leave it out for its default
        mode: [enforce]                     | mode: expected a single value, found a list; quote it if the bracket is a part of the value
        instance: a/b                       | instance: 'a/b' must be a name of letters, digits, '.', '-' and '_', at most 63 characters, and neither '.' nor '..'
        instance: ..                        | instance: '..' must be a name of letters, digits, '.', '-' and '_', at most 63 characters, and neither '.' nor '..'
        instance: "my proxy"                | instance: 'my proxy' must be a name of letters, digits, '.', '-' and '_', at most 63 characters, and neither '.' nor '..'
        instance: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl | instance: 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh...' must be a name of letters, digits, '.', '-' and '_', at most 63 characters, and neither '.' nor '..'
        resumption: off                     | resumption: 'off' is not known; it must be one of: permit, refuse
        purposes: [data_plane]              | purposes: 'data_plane' is no purpose of Konnect hosts; did you mean 'data-plane'? It must be one of: api, data-plane, event-gateway, identity, kic, mcp, mesh, platform, portal, privatelink
        purposes: []                        | purposes: at least one purpose must be named; leave the key out for the default
        purposes: api                       | purposes: expected a list, like [a, b], found a single value; did you mean [api]?
        purposes: [api kic]                 | purposes: 'api kic' is no purpose of Konnect hosts; did you mean 'api, kic'? It must be one of: api, data-plane, event-gateway, identity, kic, mcp, mesh, platform, portal, privatelink
        purposes: [api, api]                | purposes: 'api' stands twice
        control-planes: [36FC5d01-be00-4000-8000-0123456789ab] | control-planes: '36FC5d01-be00-4000-8000-0123456789ab' is a control plane's ID; write the prefix of its host names, like 0646a7d680 of 0646a7d680.us.cp0.konghq.com
        control-planes: [a.us.cp0.konghq.com] | control-planes: 'a.us.cp0.konghq.com' is a whole host name; write its first label, a; did you mean 'control-planes: [a]'?
        control-planes: ["https://a.us.cp0.konghq.com:443"] | control-planes: 'https://a.us.cp0.konghq.com:443' is a whole host name; write its first label, a; did you mean 'control-planes: [a]'?
        control-planes: [a.us.kongportals.com] | control-planes: 'a.us.kongportals.com' is a whole host name; write its first label, a, in 'portals'; did you mean 'portals: [a]'?
        control-planes: [a.example.com]     | control-planes: 'a.example.com' is not right: the prefix of a control plane is one lower-case host label, like 0646a7d680
        portals: [My.us.kongportals.com]    | portals: 'My.us.kongportals.com' is a whole host name; write its first label, my; did you mean 'portals: [my]'?
        portals: [My]                       | portals: 'My' is not right: the prefix of a portal is one lower-case host label, like my-portal; did you mean 'my'?
        control-planes: ["0646a7d680 "]     | control-planes: '0646a7d680 ' is not right: the prefix of a control plane is one lower-case host label, like 0646a7d680; did you mean '0646a7d680'?
        control-planes: ["'0646a7d680'"]    | control-planes: ''0646a7d680'' is not right: the prefix of a control plane is one lower-case host label, like 0646a7d680; did you mean '0646a7d680'?
        control-planes: [one two]           | control-planes: 'one two' is not right: the prefix of a control plane is one lower-case host label, like 0646a7d680
        tenants: ["*"]                      | tenants: '*' is not right: the prefix of a tenant is one lower-case host label, like acme
        purpose: [api]                      | unknown key 'purpose'; did you mean 'purposes'? It must be one of: admin, audit, clients, clients-only, control-planes, dns, extra-hosts, instance, konnect-hosts, limits, listen, mode, parents, permit-addresses, portals, purposes, regions, resumption, source-address, tenants, timeouts
        proxies: []                         | unknown key 'proxies'; it must be one of: admin, audit, clients, clients-only, control-planes, dns, extra-hosts, instance, konnect-hosts, limits, listen, mode, parents, permit-addresses, portals, purposes, regions, resumption, source-address, tenants, timeouts
        listen: []                          | listen: at least one address to listen on is needed, like [{address: 127.0.0.1:3128}]
        listen: [127.0.0.1:3128]            | listen[0]: expected keys and values here, found a single value; did you mean {address: 127.0.0.1:3128}?
        listen: 127.0.0.1:3128              | listen: expected a list, like [{key: value}], found a single value; did you mean [{address: 127.0.0.1:3128}]?
        listen: "[::1]:3128"                | listen: expected a list, like [{key: value}], found a single value; did you mean [{address: "[::1]:3128"}]?
        listen: {address: 127.0.0.1:3128}   | listen: expected a list, like [{key: value}], found a mapping; did you mean [{...}]?
        parents: http://u:s3cret@a:1        | parents: expected a list, like [{key: value}], found a single value; did you mean [{url: ...}]?
        listen: [{address: 3128}]           | listen[0].address: '3128' is no address and port; did you mean '127.0.0.1:3128'?
        listen: [{address: ":3128"}]        | listen[0].address: ':3128' is no address and port; did you mean '0.0.0.0:3128'?
        listen: [{address: "http://0.0.0.0:3128/"}] | listen[0].address: 'http://0.0.0.0:3128/' is no address and port; did you mean '0.0.0.0:3128'?
        listen: [{}]                        | listen[0]: key 'address' is missing
        listen: [{address: proxy.corp:3128}] | listen[0].address: 'proxy.corp:3128' must begin with an IP address; names are not resolved here
        listen: [{address: 127.0.0.1}]      | listen[0].address: '127.0.0.1' has no port: write host:port, like 127.0.0.1:3128
        listen: [{address: 127.0.0.1:65536}] | listen[0].address: '127.0.0.1:65536' must end in a port from 0 to 65535
        listen: [{address: 127.0.0.1:03128}] | listen[0].address: '127.0.0.1:03128' must end in a port from 0 to 65535
        listen: [{address: 127.0.0.01:3128}] | listen[0].address: '127.0.0.01:3128' must begin with an IP address; names are not resolved here
        listen: [{address: 127.1:3128}]     | listen[0].address: '127.1:3128' must begin with an IP address; names are not resolved here
        listen: [{address: "::1:3128"}]     | listen[0].address: '::1:3128' must have its IPv6 address in brackets, like [::1]:3128
        listen: [{address: "[::x]:3128"}]   | listen[0].address: '[::x]:3128' must begin with an IP address; names are not resolved here
        listen: [{address: "[1:2:3]:3128"}] | listen[0].address: '[1:2:3]:3128' has no IPv6 address in its brackets
        listen: [{address: 0.0.0.0:1, tsl: {}}] | listen[0]: unknown key 'tsl'; did you mean 'tls'? It must be one of: address, credentials, probes, proxy-protocol, sources, tls
        listen: [{address: 0.0.0.0:1}, {address: 127.0.0.1:1}] | listen: one listener is on 127.0.0.1:1, and one on 0.0.0.0:1, which stands for that address too; keep one
        listen: [{address: 127.0.0.1:1}, {address: 0.0.0.0:1}] | listen: one listener is on 127.0.0.1:1, and one on 0.0.0.0:1, which stands for that address too; keep one
        listen: [{address: 127.0.0.1:1}, {address: 127.0.0.1:1}] | listen: two listeners are on 127.0.0.1:1; keep one
        listen: 3128                        | listen: expected a list, like [{key: value}], found a single value; did you mean [{address: 127.0.0.1:3128}]?
        listen: [":3128"]                   | listen[0]: expected keys and values here, found a single value; did you mean {address: 0.0.0.0:3128}?
        admin: 9090                         | admin: expected keys and values here, found a single value; did you mean {address: 127.0.0.1:9090}?
        purposes: [api, null]               | purposes: item 2 has no value; take it out
        admin: {address: 127.0.0.1:3128}    | admin.address: 127.0.0.1:3128 is a listener's already; take another port
        admin: 127.0.0.1:9090               | admin: expected keys and values here, found a single value; did you mean {address: 127.0.0.1:9090}?
        admin: off                          | admin: expected keys and values here, found a single value
        admin: {page: yes}                  | admin.page: 'yes' must be true or false; did you mean 'true'?
        admin: {credentials: }              | admin.credentials: has no value; write 'null' or leave it out if nothing is meant
        admin: {credentials: .}             | admin.credentials: '.' is a directory; a file is needed
        listen: [{address: 0.0.0.0:1, tls: {cert: a.crt, key: a.key}}] | listen[0].tls: unknown key 'cert'; did you mean 'certificate'? It must be one of: certificate, client-ca, key, key-password-file
        dns: {servers: [dns.corp]}          | dns.servers: 'dns.corp' must begin with an IP address; names are not resolved here
        dns: {servers: [10.0.0.2:0]}        | dns.servers: '10.0.0.2:0' must end in a port from 1 to 65535
        dns: {timeout: 31s}                 | dns.timeout: '31s' must be more than nothing and at most 30s
        dns: [10.0.0.2]                     | dns: expected keys and values here, found a list
        dns:                                | dns: expected keys and values here, found nothing
        timeouts: {idle: 15}                | timeouts.idle: '15' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d; did you mean '15s'?
        timeouts: {idle: 1h30m}             | timeouts.idle: '1h30m' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d; did you mean '90m'?
        timeouts: {idle: 15min}             | timeouts.idle: '15min' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d; did you mean '15m'?
        timeouts: {idle: 15 m}              | timeouts.idle: '15 m' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d; did you mean '15m'?
        timeouts: {idle: -1s}               | timeouts.idle: '-1s' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d
        timeouts: {idle: 0s}                | timeouts.idle: '0s' must be more than nothing and at most 24h
        timeouts: {idle: 25h}               | timeouts.idle: '25h' must be more than nothing and at most 24h
        timeouts: {client_hello: 1s}        | timeouts: unknown key 'client_hello'; did you mean 'client-hello'? It must be one of: client-hello, connect, drain, head, idle
        limits: {tunnels: 0}                | limits.tunnels: '0' must be from 1 to 1000000
        limits: {tunnels: 1e3}              | limits.tunnels: '1e3' must be a whole number from 1 to 1000000
        limits: {tunnels: 10_000}           | limits.tunnels: '10_000' must be a whole number from 1 to 1000000; did you mean '10000'?
        limits: {pending-per-client: 0}     | limits.pending-per-client: '0' must be from 1 to 1000000
        limits: {memory: 0%}                | limits.memory: '0%' must be from 1% to 90%
        limits: {memory: 91%}               | limits.memory: '91%' must be from 1% to 90%
        limits: {memory: 1KiB}              | limits.memory: '1KiB' must be from 1MiB to 1024GiB, or a part of the process's memory, like 40%
        limits: {memory: lots}              | limits.memory: 'lots' must be a size, like 16KiB, 1MiB or plain bytes, or a part of the process's memory, like 40%
        limits: {refusals-per-minute: 0}    | limits.refusals-per-minute: '0' would leave every refusal without a line that says who asked for what; must be from 1 to 500
        limits: {refusals-per-minute: 501}  | limits.refusals-per-minute: '501' must be from 1 to 500
        limits: {refusals-per-minute: none} | limits.refusals-per-minute: 'none' must be a whole number from 1 to 500
        limits: {head-bytes: 1MiB}          | limits.head-bytes: '1MiB' must be from 1KiB to 64KiB
        limits: {head-bytes: 16KB}          | limits.head-bytes: '16KB' must be a size, like 16KiB, 1MiB or plain bytes; did you mean '16KiB'?
        limits: {memory: 128MB}             | limits.memory: '128MB' must be a size, like 16KiB, 1MiB or plain bytes, or a part of the process's memory, like 40%; did you mean '128MiB'?
        audit: {stdout: yes}                | audit.stdout: 'yes' must be true, false or json; did you mean 'true'?
        audit: {on-failure: ignore}         | audit.on-failure: 'ignore' is not known; it must be one of: refuse, continue
        audit: {file: null, durability: disk} | audit.durability: standard output is on no disk; name a file, or leave 'durability' out
        audit: {mirrors: [{url: "syslog+tls://a"}]} | audit.mirrors[0].url: 'syslog+tls://a' has no port; write one, like :6514
        audit: {mirrors: [{url: "syslog+tcp://a:"}]} | audit.mirrors[0].url: 'syslog+tcp://a:' must end in a port from 1 to 65535
        audit: {mirrors: [{url: "syslog+tcp://a:65536"}]} | audit.mirrors[0].url: 'syslog+tcp://a:65536' must end in a port from 1 to 65535
        audit: {mirrors: [{url: "syslog+tcp://:601"}]} | audit.mirrors[0].url: 'syslog+tcp://:601' must have a host name or an IP address before its port
        audit: {mirrors: [{url: "syslog+tcp://a_b:601"}]} | audit.mirrors[0].url: 'syslog+tcp://a_b:601' must have a host name or an IP address before its port
        audit: {mirrors: [{url: "syslog+tcp://1.2.3:601"}]} | audit.mirrors[0].url: 'syslog+tcp://1.2.3:601' must have a host name or an IP address before its port
        audit: {mirrors: [{url: "syslog+tcp://[a]:601"}]} | audit.mirrors[0].url: 'syslog+tcp://[a]:601' has no IPv6 address in its brackets
        audit: {mirrors: [{url: "syslog+tcp://a:601/b"}]} | audit.mirrors[0].url: 'syslog+tcp://a:601/b' must end with its port; syslog knows no paths
        audit: {mirrors: [{url: "otlp+http://a:1/"}]} | audit.mirrors[0].url: 'otlp+http://a:1/' must have a plain path, like /v1/logs, or none
        audit: {mirrors: [{url: "otlp+http://a:1?b"}]} | audit.mirrors[0].url: 'otlp+http://a:1?b' must end with its port or path, without '?' or '#'
        audit: {mirrors: [{url: "otlp+http://u:p@a:1"}]} | audit.mirrors[0].url: 'otlp+http://***@a:1' must not have a user or a password in it
        audit: {mirrors: [{url: "logs.corp:601"}]} | audit.mirrors[0].url: 'logs.corp:601' must be like syslog+tls://logs.corp:6514 or otlp+https://logs.corp:4318
        audit: {mirrors: [{url: "syslog+tsl://a:1"}]} | audit.mirrors[0].url: 'syslog+tsl://a:1' is no way to carry audit lines; did you mean 'syslog+tls'? It must be one of: syslog+tcp, syslog+tls, otlp+http, otlp+https
        audit: {mirrors: [{url: "syslog+tcp://a:1", trust: pom.xml}]} | audit.mirrors[0].trust: 'pom.xml' has something else than certificates in PEM in it
        audit: {mirrors: [{url: "syslog+tcp://a:1", format: ocfs}]} | audit.mirrors[0].format: 'ocfs' is not known; did you mean 'ocsf'? It must be one of: line, ocsf, ecs
        audit: {mirrors: [{url: "syslog+tls://a:1", trust: nowhere.crt}]} | audit.mirrors[0].trust: 'nowhere.crt' is no file; certificates in PEM are needed
        audit: {mirrors: [{url: "otlp+http://a:1"}, {url: "otlp+http://A:1/v1/logs"}]} | audit.mirrors: two mirrors are at otlp+http://a:1; keep one
        audit: {archive: {url: "https://bucket"}} | audit.archive.url: 'https://bucket' must be s3://bucket or s3://bucket/prefix: a bucket has 3 to 63 of a-z, 0-9, '-' and '.', a prefix letters, digits, '-', '_', '.', '=' and '/'
        audit: {archive: {url: "s3://trails", endpoint: s3.corp}} | audit.archive.endpoint: 's3.corp' must be like https://s3.corp or https://s3.corp:9000, without a path
        audit: {archive: {url: "s3://trails", endpoint: "https://u:p@s3.corp"}} | audit.archive.endpoint: 'https://***@s3.corp' must not have a user or a password in it
        audit: {archive: {url: "s3://trails", endpoint: "https://s3.corp/trails"}} | audit.archive.endpoint: 'https://s3.corp/trails' must be like https://s3.corp or https://s3.corp:9000, without a path
        audit: {archive: {url: "s3://trails", endpoint: "http://s3.corp", trust: ../config/konnect-proxy.yaml}} | audit.archive.trust: '../config/konnect-proxy.yaml' has something else than certificates in PEM in it
        audit: {archive: {url: "s3://trails", region: EU}} | audit.archive.region: 'EU' must be a region, like eu-central-1
        audit: {archive: {url: "s3://trails", lock: governance}} | audit.archive.lock: there is no 'retain-for', so nothing is locked; set it, or leave 'lock' out
        audit: {archive: {url: "s3://trails", lock: legal-hold, retain-for: 1d}} | audit.archive.lock: 'legal-hold' is not known; it must be one of: compliance, governance
        audit: {archive: {retain-for: 400d}} | audit.archive.retain-for: there is no 'url' of a bucket that it is for
        audit: {archive: {url: "s3://trails", parent: "http://proxy.corp:3128"}} | audit.archive.parent: none of 'parents' is at http://proxy.corp:3128; add it there, or name another
        audit: {archive: {url: "s3://trails", parent: "proxy.corp:3128"}} | audit.archive.parent: the URL must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        audit: {archive: {url: "s3://trails"}, rotate: {size: null, daily: true}} | audit.archive.url: an object has 5 GiB at most; set audit.rotate.size to 4GiB or less
        audit: {archive: {url: "s3://trails"}, rotate: {size: 5GiB}} | audit.archive.url: an object has 5 GiB at most; set audit.rotate.size to 4GiB or less
        audit: {archive: {url: "s3://trails"}, file: null} | audit.archive.url: without audit.file no file is ever finished and archived; name one, or leave this out
        audit: {durability: sync}           | audit.durability: 'sync' is not known; it must be one of: os, disk
        audit: {rotate: {size: 512KiB}}     | audit.rotate.size: '512KiB' must be from 1MiB to 1024GiB
        audit: {rotate: {size: 1TiB}}       | audit.rotate.size: '1TiB' must be a size, like 16KiB, 1MiB or plain bytes
        audit: {rotate: {size: 999999999GiB}} | audit.rotate.size: '999999999GiB' must be from 1MiB to 1024GiB
        audit: {rotate: {daily: yes}}       | audit.rotate.daily: 'yes' must be true or false; did you mean 'true'?
        audit: {rotate: {keep: 0}}          | audit.rotate.keep: '0' must be from 1 to 1000000
        audit: {rotate: {keep-for: 36501d}} | audit.rotate.keep-for: '36501d' must be more than nothing and at most 36500d
        audit: {rotate: {size: null, keep: 3}} | audit.rotate.size: no new file is ever begun, so none is ever finished and removed; set 'size' or 'daily', or leave out what is kept
        audit: {rotate: {max: 3}}           | audit.rotate: unknown key 'max'; it must be one of: compress, daily, keep, keep-for, keep-size, size
        audit: {sign: {key: a.pem, every: 0}} | audit.sign.every: '0' must be from 1 to 1000000
        audit: {sign: {key: a.pem, interval: 1}} | audit.sign.interval: '1' must be a time with its unit, like 500ms, 10s, 15m, 2h or 400d; did you mean '1s'?
        audit: {sign: {key-password-file: p}} | audit.sign.key-password-file: there is a password and no 'key' that it is for
        audit: {sign: {key: a.pem, key-password: p}} | audit.sign.key-password: a password must not stand here; use 'key-password-file' or the variable KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD
        audit: {file: src}                  | audit.file: 'src' is a directory; a file is needed
        audit: {file: 'C:\\proxy\\audit.jsonl'} | audit.file: 'C:\\proxy\\audit.jsonl' is a path of Windows, and this system is none; write it like /etc/name
        audit: {file: null, stdout: false}  | audit.file: audit lines must go somewhere; name a file or set 'stdout' to true
        extra-hosts: [{name: a, host: "*.corp"}] | extra-hosts[0].host: '*.corp' must be one exact host name without port or wildcard
        extra-hosts: [{name: a, host: a.corp:443}] | extra-hosts[0].host: 'a.corp:443' must be one exact host name without port or wildcard; did you mean 'a.corp'?
        extra-hosts: [{name: a, host: "https://a.corp/b"}] | extra-hosts[0].host: 'https://a.corp/b' must be one exact host name without port or wildcard; did you mean 'a.corp'?
        extra-hosts: [{name: a, host: "https://u:p@a.corp"}] | extra-hosts[0].host: 'https://***@a.corp' must be one exact host name without port or wildcard
        extra-hosts: [{name: a, host: a.corp.}] | extra-hosts[0].host: 'a.corp.' must not end in a dot
        extra-hosts: [{name: a, host: 10.0.0.1}] | extra-hosts[0].host: '10.0.0.1' is an IP address; a host name is needed
        extra-hosts: [{name: a b, host: a.corp}] | extra-hosts[0].name: 'a b' must be letters, digits, '.', '_' and '-', at most 63
        extra-hosts: [{host: a.corp}]       | extra-hosts[0]: key 'name' is missing
        extra-hosts: [{name: a, host: a.corp}, {name: a, host: b.corp}] | extra-hosts: two entries have the name 'a'
        extra-hosts: [{name: a, host: a.corp}, {name: b, host: A.corp}] | extra-hosts: two entries are for 'a.corp'
        permit-addresses: [10.0.0.0/8, 10.0.0.0/8] | permit-addresses: '10.0.0.0/8' stands twice
        konnect-hosts: /nowhere.yaml        | /nowhere.yaml: there is no such file; correct 'konnect-hosts', or leave it out for the packaged table
        mode: ${MODE}                       | mode: '${MODE}' is not known; it must be one of: enforce, report-only; variables like ${NAME} are not filled in here; every key has a variable of its own in their place
        purposes: [${PURPOSE}]              | this is not YAML: variables like ${NAME} are not filled in here; every key has a variable of its own in their place
        purposes: &p [api]                  | an anchor (&name) stands here; write each value where it belongs
        mode: *m                            | an alias (*name) stands here; write the value itself
        mode: !!str enforce                 | a tag (!name) stands here; leave it out
        mode: !own enforce                  | a tag (!name) stands here; leave it out
        !own mode: enforce                  | a tag (!name) stands here; leave it out
        &m mode: enforce                    | an anchor (&name) stands here; write each value where it belongs
        ? [mode]                            | this is not YAML of keys and values
        <<: {mode: enforce}                 | unknown key '<<'; it must be one of: admin, audit, clients, clients-only, control-planes, dns, extra-hosts, instance, konnect-hosts, limits, listen, mode, parents, permit-addresses, portals, purposes, regions, resumption, source-address, tenants, timeouts
        regions: [eu]                       | key 'regions' stands here and in line 1; keep one of them
        """)
    void one_wrong_line(String line, String problem) {
        assertThat(problems("regions: [us]\n" + line))
                .contains(problem.startsWith("/nowhere.yaml") ? problem : "konnect-proxy.yaml:2: " + problem);
    }

    @Test
    void a_region_list_is_never_all_by_being_empty_missing_or_wrong() {
        assertThat(problems("regions: []")).containsExactly(missingRegions());
        assertThat(problems("mode: enforce")).containsExactly(missingRegions());
        assertThat(problems("")).containsExactly(missingRegions());
        assertThat(problems("regions: [ue]"))
                .containsExactly(
                        "konnect-proxy.yaml:1: regions: 'ue' is no Konnect region; did you mean 'eu'? It must be "
                                + REGIONS);
        assertThat(problems("regions: [us]", Map.of("KONNECT_PROXY_REGIONS", "")))
                .containsExactly("KONNECT_PROXY_REGIONS: regions: at least one Konnect region must be named, of "
                        + "au, eu, in, me, sg, us");
    }

    private static String missingRegions() {
        return "konnect-proxy.yaml:1: regions: at least one Konnect region must be named, of au, eu, in, me, sg, us";
    }

    /** The line of the listener is far from it where there are several keys. */
    @Test
    void a_file_that_cannot_be_used_is_said_with_the_line_that_names_it() {
        assertThat(problems("""
            regions: [us]
            listen:
              - address: 127.0.0.1:3129
                tls: { certificate: pom.xml, key: pom.xml }
            """))
                .containsExactly("konnect-proxy.yaml:4: listen[0].tls: pom.xml is not a PEM file: nothing in it is"
                        + " between BEGIN and END");
    }

    @Test
    void one_region_in_the_singular_is_told_the_key() {
        assertThat(problems("region: us"))
                .contains(missingRegions())
                .anyMatch(problem -> problem.startsWith(
                        "konnect-proxy.yaml:1: unknown key 'region'; did you mean 'regions'? It must be one of: "));
    }

    @Test
    void all_problems_are_said_at_once_in_the_order_of_the_file() {
        String yaml = """
            regions: [us, us]
            mode: on
            timeouts:
              head: 1
              foo: 2
            tls: {}
            """;

        assertThat(problems(yaml, Map.of("KONNECT_PROXY_REGION", "us", "KONNECT_PROXY_DNS_TIMEOUT", "2")))
                .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
                .containsExactly(
                        "konnect-proxy.yaml:1:",
                        "konnect-proxy.yaml:2:",
                        "konnect-proxy.yaml:4:",
                        "konnect-proxy.yaml:5:",
                        "konnect-proxy.yaml:6:",
                        "KONNECT_PROXY_DNS_TIMEOUT:",
                        "KONNECT_PROXY_REGION:");
    }

    @Test
    void what_is_no_yaml_is_said_with_its_line() {
        assertThat(problems("regions:\n\t- us"))
                .containsExactly("konnect-proxy.yaml:2: this is not YAML: a tab stands in the line; YAML is indented"
                        + " with spaces");
        assertThat(problems("regions: [us]\nmode: @x"))
                .singleElement()
                .asString()
                .startsWith("konnect-proxy.yaml:2: this is not YAML: ");
        assertThat(problems("regions: [us")).singleElement().asString().contains("this is not YAML: ");
        assertThat(problems("regions: [us]\n? {a: b}\n: c"))
                .singleElement()
                .asString()
                .contains("this is not YAML of keys and values");
        assertThat(problems("regions: [us]\n---\nregions: [us]"))
                .containsExactly(
                        "konnect-proxy.yaml:3: a second document begins; there may be one only, so take out the"
                                + " '---'");
        assertThat(problems("- us")).contains("konnect-proxy.yaml:1: expected keys and values here, found a list");
        for (String value : List.of("us", "regions:[us]", "regions=us")) {
            assertThat(problems(value))
                    .contains(
                            "konnect-proxy.yaml:1: expected keys and values here, found a single value; a key ends with a"
                                    + " colon and a blank, like 'regions: [us]'");
        }
        assertThat(problems("regions: [us]\nmode:enforce\n"))
                .containsExactly("konnect-proxy.yaml:3: this is not YAML: a key without its colon, or a colon without a"
                        + " blank behind it, stands here or above");
        assertThat(problems("regions: " + "[".repeat(100_000)))
                .containsExactly("konnect-proxy.yaml:1: this is nested too deeply");
    }

    /** What is seen in an editor is what should be there, and what is not seen is named. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a no-break space as indent      | timeouts:%n\\u00a0 drain: 5s          | 3: the line is indented with U+00A0 NO-BREAK SPACE; write blanks in its place
        behind a blank, in a list       | purposes:%n \\u00a0- api              | 3: the line is indented with U+00A0 NO-BREAK SPACE; write blanks in its place
        another space                   | timeouts:%n\\u3000drain: 5s           | 3: the line is indented with U+3000 IDEOGRAPHIC SPACE; write blanks in its place
        a space without width           | \\u200bmode: enforce                  | 2: the line is indented with U+200B ZERO WIDTH SPACE; write blanks in its place
        in front of a value             | mode:\\u00a0enforce                   | 2: this is not YAML: U+00A0 NO-BREAK SPACE stands here; write a blank
        a Cyrillic letter in a key      | dns: {timeo\\u0443t: 1s}              | 2: dns: unknown key 'timeo\\u0443t'; it has U+0443 CYRILLIC SMALL LETTER U in it; did you mean 'timeout'? It must be one of: family, servers, timeout
        a mark of direction in a key    | dns: {\\u202etimeout: 1s}             | 2: dns: unknown key '?timeout'; it has U+202E RIGHT-TO-LEFT OVERRIDE in it; did you mean 'timeout'? It must be one of: family, servers, timeout
        behind a value                  | mode: enforce\\u00a0                  | 2: mode: 'enforce\\u00a0' is not known; did you mean 'enforce'? It must be one of: enforce, report-only; it has U+00A0 NO-BREAK SPACE in it, write a blank
        quotes of a text program        | mode: \\u201cenforce\\u201d           | 2: mode: '\\u201cenforce\\u201d' is not known; did you mean 'enforce'? It must be one of: enforce, report-only; it has U+201C LEFT DOUBLE QUOTATION MARK in it, write a straight quote
        a tab behind a colon            | mode:\\tenforce                       | 2: a tab (U+0009 CHARACTER TABULATION) stands in front of the value; write a blank in its place
        a tab behind a hyphen           | purposes:%n  -\\tapi                  | 3: a tab (U+0009 CHARACTER TABULATION) stands in front of the value; write a blank in its place
        an address in brackets          | listen:%n - address: [::1]:3128       | 3: '[' begins a list here; quote the address: "[::1]:3128"
        within braces                   | listen: [{address: [::1]:3128}]       | 2: '[' begins a list here; quote the address: "[::1]:3128"
        in a list                       | dns: {servers: [[fd00::53]:53]}       | 2: '[' begins a list here; quote the address: "[fd00::53]:53"
        a quote that stays open         | mode: "enforce                        | 2: this is not YAML: the quote " that opens in this line is not closed in it; quote the value at both ends
        up to the next one              | mode: "enforce%nkonnect-hosts: "x"    | 2: this is not YAML: the quote " that opens in this line is not closed in it; quote the value at both ends
        a single one                    | mode: 'enforce                        | 2: this is not YAML: the quote ' that opens in this line is not closed in it; quote the value at both ends
        text behind a closing quote     | konnect-hosts: "a"b                   | 2: this is not YAML: a value goes on behind its closing quote; quote the whole of it
        an asterisk                     | extra-hosts:%n - host: *.corp         | 3: this is not YAML: no value begins with U+002A ASTERISK; quote it
        an address that begins so       | permit-addresses: [::1/128, fd00::/8] | 2: an address that begins with a colon is no value here; quote it: "::1/128"
        a no-break space behind a hyphen | purposes:%n  -\\u00a0api             | 3: purposes: expected a list, like [a, b], found a single value; did you mean [...]?; it has U+00A0 NO-BREAK SPACE in it, write a blank
        no blank behind a hyphen        | purposes:%n  -api                     | 3: purposes: expected a list, like [a, b], found a single value; did you mean [api]?
        commas alone                    | purposes: api, kic                    | 2: purposes: expected a list, like [a, b], found a single value; did you mean [api, kic]?
        a blank before a per cent sign  | limits: {memory: 40 %%}               | 2: limits.memory: '40 %%' must be from 1%% to 90%%; did you mean '40%%'?
        a list that stays open          | purposes: [api%nmode: enforce         | 2: this is not YAML: the list that begins here is not closed, or has a comma too few; write ']' at its end, and quote values with signs of their own
        a mapping that stays open       | dns: {timeout: 1s                     | 2: this is not YAML: the mapping that begins here is not closed, or has a comma too few; write '}' at its end, and quote values with signs of their own
        a sign that begins nothing      | mode: @x                              | 2: this is not YAML: no value begins with U+0040 COMMERCIAL AT; quote it
        a per cent sign                 | mode: %%x                             | 2: this is not YAML: no value begins with U+0025 PERCENT SIGN; quote it
        a second colon                  | mode: a: b                            | 2: this is not YAML: a colon with a blank behind it stands in a value; quote the value, or indent the line as its neighbours
        a path of Windows               | konnect-hosts: "C:\\hosts.yaml"       | 2: this is not YAML: in double quotes a backslash begins an escape, and this is none; write it twice, or take single quotes
        a control character             | mode: en\\u0007force                  | 2: this is not YAML: the control character U+0007 BEL stands here; take it out, or write it as an escape in double quotes
        """)
    void what_stands_there_is_named_and_what_would_be_right(String name, String yaml, String problem) {
        String text =
                String.format(Locale.ROOT, "regions: [us]%n" + unescaped(yaml)).replace("\r\n", "\n");

        assertThat(problems(text))
                .contains("konnect-proxy.yaml:" + unescaped(problem).replace("%%", "%"));
        assertThat(problems(text))
                .allSatisfy(each -> assertThat(each)
                        .doesNotContainPattern("expected <|start any token|while |found character|stream"));
    }

    /** The characters by their escapes, so that they are seen here. */
    private static String unescaped(String text) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text.replace("\\t", "\t"))
                .replaceAll(match -> Character.toString(Integer.parseInt(match.group(1), 16)));
    }

    @Test
    void what_is_no_small_text_file_is_said_in_a_sentence() throws IOException {
        assertThatThrownBy(() -> ConfigurationLoader.load(directory.resolve("none.yaml"), Examples.FULL_ENVIRONMENT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(directory + "/none.yaml: there is no such file; name another with -c FILE");
        assertThatThrownBy(() -> ConfigurationLoader.load(directory, Map.of()))
                .hasMessage(directory + ": this is a directory; a file is needed");

        Path file = directory.resolve("other.yaml");
        Files.write(file, "regions: [\u00fc]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ConfigurationLoader.load(file, Map.of()))
                .hasMessage(
                        file
                                + ":1: the line has a byte that is not UTF-8, 0xFC ('\u00fc' if the file is Latin-1); save the file as UTF-8");
        Files.writeString(file, "#".repeat(TextFile.MAX_BYTES + 1));
        assertThatThrownBy(() -> ConfigurationLoader.load(file, Map.of()))
                .hasMessage(file + ": the file is larger than 1 MiB");
    }

    @Test
    void a_value_is_shown_on_one_printable_line_of_bounded_length() {
        assertThat(problems("regions: [us]\nmode: \"a\\e[31m\\u202e\\nb" + "x".repeat(500) + "\""))
                .singleElement()
                .asString()
                .matches("konnect-proxy\\.yaml:2: mode: 'a\\?\\[31m\\?\\?bx{51}\\.\\.\\.' is not known; [ -~]+");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        in the words of the YAML reader | regions: [us]%nmode: "\\%s"         | konnect-proxy.yaml:2: this is not YAML: in double quotes a backslash begins an escape, and this is none
        in an unknown key               | regions: [us]%n"a%sb": c            | konnect-proxy.yaml:2: unknown key 'a?b'
        in the name of a file           | regions: [us]%nkonnect-hosts: "a%sb" | a?b: there is no such file
        """)
    void what_would_turn_or_break_a_line_is_not_repeated(String name, String yaml, String problem) {
        for (String sign : List.of("\u202e", "\u2028", "\u2029")) {
            assertThat(problems(String.format(Locale.ROOT, yaml, sign)))
                    .singleElement()
                    .asString()
                    .startsWith(problem);
        }
    }

    @Test
    void the_end_of_the_file_where_a_name_should_be_is_said_in_a_printable_line() {
        assertThat(problems("&"))
                .singleElement()
                .asString()
                .matches("konnect-proxy\\.yaml:1: this is not YAML: [ -~]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "a\\0b", "a\\nb", "a\\e[31mb", "\\t"})
    void a_name_that_no_file_has_is_a_problem_of_its_line(String name) {
        assertThat(problems("regions: [us]\nkonnect-hosts: \"" + name + "\""))
                .singleElement()
                .asString()
                .matches("konnect-proxy\\.yaml:2: konnect-hosts: '[ -~]+' is no file name[ a-z]*");
        assertThat(problems("regions: [us]\naudit: {file: \"" + name + "\"}"))
                .singleElement()
                .asString()
                .matches("konnect-proxy\\.yaml:2: audit.file: '[ -~]+' is no file name[ a-z]*");
    }

    @Test
    void a_variable_that_is_no_setting_is_said_with_the_nearest_that_is() {
        assertThat(problems("regions: [us]", Map.of("KONNECT_PROXY_AUDIT_FIEL", "x")))
                .containsExactly("KONNECT_PROXY_AUDIT_FIEL: no such setting; did you mean 'KONNECT_PROXY_AUDIT_FILE'?");
        assertThat(problems("regions: [us]", Map.of("KONNECT_PROXY_LISTEN_0_ADDRESS", "x", "KONNECT_PROXY_DNS", "x")))
                .hasSize(2)
                .allMatch(problem -> problem.contains(": no such setting; "));
    }

    @ParameterizedTest
    @CsvSource({
        "KONNECT_PROXY_CONFIG, '; the configuration is named with -c FILE'",
        "KONNECT_PROXY_CONFIG_FILE, '; the configuration is named with -c FILE'",
        "KONNECT_PROXY_ADMIN_PORT, '; did you mean ''KONNECT_PROXY_ADMIN_ADDRESS''?'",
        "KONNECT_PROXY_PORT, '; did you mean ''KONNECT_PROXY_LISTEN''?'",
        "KONNECT_PROXY_MODES, '; did you mean ''KONNECT_PROXY_MODE''?'",
        "KONNECT_PROXY_FOO, '; the variables are named as the keys of the file'",
    })
    void a_variable_that_is_none_is_not_said_to_be_another(String name, String meant) {
        assertThat(problems("regions: [us]", Map.of(name, "9090"))).containsExactly(name + ": no such setting" + meant);
    }

    @Test
    void a_wrong_variable_is_named_instead_of_a_line() {
        assertThat(problems(
                        "regions: [us]",
                        Map.of(
                                "KONNECT_PROXY_LISTEN", "127.0.0.1:1,,[::1]",
                                "KONNECT_PROXY_ADMIN_ADDRESS", "127.0.0.1:1",
                                "KONNECT_PROXY_MODE", " ",
                                "KONNECT_PROXY_EXTRA_HOSTS", "kong.mirror.corp")))
                .containsExactlyInAnyOrder(
                        "KONNECT_PROXY_LISTEN: listen[1].address: has no value; leave it out for its default",
                        "KONNECT_PROXY_LISTEN: listen[2].address: '[::1]' has no port: write host:port, like"
                                + " 127.0.0.1:3128",
                        "KONNECT_PROXY_ADMIN_ADDRESS: admin.address: 127.0.0.1:1 is a listener's already; take another"
                                + " port",
                        "KONNECT_PROXY_MODE: mode: has no value; leave it out for its default",
                        "KONNECT_PROXY_EXTRA_HOSTS: extra-hosts: expected a list, like [{key: value}], found"
                                + " a single value");
    }

    @Test
    void a_password_without_a_key_is_named_where_it_stands() {
        assertThat(problems(
                        "regions: [us]\naudit: {sign: {key-password-file: null}}",
                        Map.of("KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD", "s3cret")))
                .containsExactly(
                        "KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD: audit.sign.key-password: there is a password and"
                                + " no 'key' that it is for");
    }

    private List<String> problems(String yaml) {
        return problems(yaml, Map.of());
    }

    private List<String> problems(String yaml, Map<String, String> environment) {
        return Examples.problems(directory, yaml, environment);
    }
}
