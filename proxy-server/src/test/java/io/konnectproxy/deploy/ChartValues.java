package io.konnectproxy.deploy;

import java.util.stream.Stream;

/** Values that somebody has a reason for. */
record ChartValues(String name, String yaml) {
    static Stream<ChartValues> all() {
        return Stream.of(
                new ChartValues("the defaults", ""),
                new ChartValues("a plain listener without users", """
                    config: {listen: [{address: "0.0.0.0:3128", sources: [10.0.0.0/8]}]}
                    """),
                new ChartValues("two listeners, one behind a load balancer", """
                    config:
                      listen:
                        - address: "[::]:3128"
                        - address: "[::]:3129"
                          tls:
                            certificate: /etc/konnect-proxy/tls/tls.crt
                            key: /etc/konnect-proxy/tls/tls.key
                            client-ca: /etc/konnect-proxy/authorities/ca.crt
                          proxy-protocol: [10.0.1.10/32]
                          probes: [10.0.1.11/32]
                    configMaps: {authorities: our-authorities}
                    """),
                new ChartValues("no purpose left out, every pin", """
                    config:
                      regions: [us, eu]
                      purposes: [platform, api, kic, data-plane, portal, mesh, event-gateway, identity, mcp]
                      control-planes: ["0123456789", "1234567e89"]
                      portals: ["0700"]
                      tenants: ["42"]
                      resumption: refuse
                    """),
                new ChartValues("report-only, with extra hosts", """
                    config:
                      mode: report-only
                      extra-hosts: [{name: mirror, host: mirror.corp.example, expected-sni: [cdn.corp.example]}]
                    """),
                new ChartValues("entries for clients", """
                    config:
                      clients-only: true
                      clients:
                        - {name: payments, user: dp-a, purposes: [data-plane], control-planes: ["0646a7d680"]}
                        - {name: lab, source: 10.9.0.0/16, regions: [us]}
                    """),
                new ChartValues("a table of hosts of one's own", """
                    config: {konnect-hosts: /etc/konnect-proxy/hosts/konnect-hosts.yaml}
                    configMaps: {hosts: konnect-hosts}
                    """),
                new ChartValues("parents with credentials", """
                    config:
                      parents:
                        - url: https://proxy1.corp.example:8443
                          trust: /etc/konnect-proxy/authorities/ca.crt
                          credentials-file: /etc/konnect-proxy/parent/credentials
                        - {url: "http://10.0.0.9:3128", purposes: [data-plane], dns: parent}
                    secrets: {parent: corp-proxy}
                    configMaps: {authorities: our-authorities}
                    networkPolicy:
                      konnect: []
                      extraEgress:
                        - to: [{ipBlock: {cidr: 10.0.0.9/32}}, {ipBlock: {cidr: 10.0.0.8/32}}]
                          ports: [{port: 3128}, {port: 8443, protocol: TCP}]
                    """),
                new ChartValues("PrivateLink with resolvers of its own", """
                    config:
                      purposes: [privatelink]
                      control-planes: []
                      permit-addresses: [10.20.0.0/16, fd00:20::/32]
                      dns: {servers: [10.20.0.2, "10.20.0.3:5353", "[fd00::53]:53", "[fd00::54]"], timeout: 1s}
                    """),
                new ChartValues("mirrors, and a trail that is lost with its pod", """
                    config:
                      audit:
                        mirrors:
                          - {url: "syslog+tls://logs.corp.example:6514", trust: /etc/konnect-proxy/authorities/ca.crt}
                          - url: otlp+https://collector.corp.example:443
                    configMaps: {authorities: our-authorities}
                    persistence: {emptyDir: true}
                    networkPolicy:
                      extraEgress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: logs}}}], ports: [{port: 6514}]}]
                    """),
                new ChartValues("no file, standard output alone", """
                    config: {audit: {file: null, stdout: json, rotate: null}}
                    """),
                new ChartValues("a signed trail that is rotated daily", """
                    config:
                      audit:
                        file: audit/trail.jsonl
                        durability: disk
                        sign: {key: /etc/konnect-proxy/audit/audit.pem, every: 100, interval: 30s}
                        rotate: {daily: true, compress: true, keep-for: 400d, size: 268435456, keep-size: 40GiB}
                    secrets: {audit: konnect-proxy-audit-key}
                    persistence: {size: 50Gi, storageClass: fast, accessMode: ReadWriteOncePod, annotations: {a: "1"}}
                    """),
                new ChartValues("an archive behind a parent", """
                    config:
                      parents:
                        - url: http://10.0.0.9:3128
                          credentials-file: /etc/konnect-proxy/parent/credentials
                      audit:
                        rotate: {daily: true, compress: true}
                        archive: {url: "s3://audit-trails/konnect-proxy", region: eu-central-1, retain-for: 400d, parent: "http://10.0.0.9:3128"}
                    secrets: {parent: corp-proxy}
                    networkPolicy: {extraEgress: [{to: [{ipBlock: {cidr: 10.0.0.9/32}}], ports: [{port: 3128}]}]}
                    serviceAccount: {annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/audit"}}
                    """),
                new ChartValues("an archive in a store of one's own", """
                    config:
                      audit:
                        archive:
                          url: s3://audit-trails
                          endpoint: https://s3.corp.example:9000
                          trust: /etc/konnect-proxy/authorities/ca.crt
                    configMaps: {authorities: our-authorities}
                    archiveCredentials: audit-trails
                    networkPolicy: {extraEgress: [{to: [{ipBlock: {cidr: 10.0.0.7/32}}], ports: [{port: 9000}]}]}
                    """),
                new ChartValues("limits and timeouts", """
                    config:
                      limits: {tunnels: 1000000, tunnels-per-client: 500, memory: 134217728, head-bytes: 2048, refusals-per-minute: 30}
                      timeouts: {head: 5s, connect: 3s, client-hello: 5s, idle: 2h, drain: 90s}
                      source-address: null
                    """),
                new ChartValues("cert-manager", """
                    certManager: {enabled: true, issuerRef: {name: ca, kind: ClusterIssuer}, dnsNames: [proxy.corp.example]}
                    """),
                new ChartValues("everything for Prometheus and Grafana", """
                    networkPolicy: {prometheus: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]}
                    monitoring:
                      scrapeAnnotations: false
                      serviceMonitor: {enabled: true, labels: {release: prometheus}, interval: 15s}
                      prometheusRule: {enabled: true, labels: {release: prometheus}}
                      dashboard: {enabled: true, annotations: {grafana_folder: Konnect}}
                    """),
                new ChartValues("the live page for its users", """
                    config: {admin: {address: "0.0.0.0:19090", page: true, credentials: /etc/konnect-proxy/users/users.htpasswd}}
                    """),
                new ChartValues("a load balancer that keeps a client on its proxy", """
                    service:
                      type: LoadBalancer
                      annotations: {service.example/internal: "true"}
                      sessionAffinity: ClientIP
                      affinitySeconds: 600
                      externalTrafficPolicy: Local
                      loadBalancerClass: example.com/internal
                      loadBalancerSourceRanges: [10.0.0.0/8]
                      ipFamilyPolicy: RequireDualStack
                      ipFamilies: [IPv6, IPv4]
                    networkPolicy: {dataPlanes: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {matchLabels: {app: kong}}}]}
                    """),
                new ChartValues("a proxy on each node", """
                    replicas: 5
                    service: {internalTrafficPolicy: Local}
                    topologySpreadConstraints:
                      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Honor}
                      - {maxSkew: 1, minDomains: 3, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}
                    """),
                new ChartValues("one proxy with a name", """
                    replicas: 1
                    config: {instance: edge-1}
                    podDisruptionBudget: {enabled: false}
                    networkPolicy: {enabled: false}
                    """),
                new ChartValues("an image by digest, from a registry with a port", """
                    image:
                      repository: registry.example:5000/edge/konnect-proxy
                      tag: "1.2"
                      digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                      pullPolicy: Always
                      pullSecrets: [registry]
                    """),
                new ChartValues("a platform that chooses the user", """
                    runAsUser: null
                    serviceAccount: {create: false, name: restricted}
                    """),
                new ChartValues("everything for the scheduler", """
                    fullnameOverride: edge
                    nodeSelector: {kubernetes.io/os: linux}
                    tolerations: [{key: edge, operator: Exists, effect: NoSchedule, tolerationSeconds: 5}]
                    affinity:
                      podAntiAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app.kubernetes.io/instance: edge}}}
                    priorityClassName: system-cluster-critical
                    podLabels: {team: edge, version: "1"}
                    podAnnotations: {sidecar.istio.io/inject: "false"}
                    resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1500m, memory: 1Gi}}
                    probes: {readiness: {periodSeconds: 2}, liveness: {initialDelaySeconds: 5}}
                    podDisruptionBudget: {maxUnavailable: 25%}
                    """),
                new ChartValues("names that look like numbers", """
                    config: {konnect-hosts: /etc/konnect-proxy/hosts/konnect-hosts.yaml, audit: {archive: {url: "s3://123"}}}
                    archiveCredentials: "16"
                    image: {repository: "12", tag: "30", pullSecrets: ["1"]}
                    secrets: {tls: "2", users: "3e5"}
                    configMaps: {hosts: "4"}
                    certManager: {enabled: true, issuerRef: {name: "5", kind: "6", group: "7"}}
                    serviceAccount: {name: "8"}
                    persistence: {storageClass: "9"}
                    priorityClassName: "10"
                    service: {type: LoadBalancer, loadBalancerClass: "11", annotations: {a: "true"}}
                    nodeSelector: {a: "12"}
                    tolerations: [{key: "13", value: "14"}]
                    podLabels: {a: "15"}
                    """),
                new ChartValues("expectations for helm test", """
                    tests:
                      expectations:
                        - {connect: "0646a7d680.us.cp0.konghq.com:443", user: dp-a, client: 10.0.0.7, listener: 0, expect: permitted}
                        - {connect: "eu.api.konghq.com:443", expect: region_not_enabled}
                    """));
    }

    @Override
    public String toString() {
        return name;
    }
}
