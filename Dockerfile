# The proxy in a container:
#
#   docker build -t konnect-proxy .
#   docker run --read-only --cap-drop ALL -p 127.0.0.1:3128:3128 \
#     -e KONNECT_PROXY_REGIONS=us -v konnect-proxy-audit:/opt/konnect-proxy/audit konnect-proxy
#
# Other commands take the place of 'run': docker run --rm -e KONNECT_PROXY_REGIONS=us konnect-proxy hosts
# Own configuration: mount it at /opt/konnect-proxy/config/konnect-proxy.yaml.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
# The build files alone build an empty proxy: this layer holds Maven and the libraries, and lasts as long as they do.
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY proxy-core/pom.xml proxy-core/
COPY proxy-server/pom.xml proxy-server/
RUN ./mvnw -q -B -Dmaven.test.skip=true package && rm -rf proxy-*/target
COPY config config
COPY proxy-core/src proxy-core/src
COPY proxy-server/src proxy-server/src
RUN ./mvnw -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:25-jre
# Laid out like a checkout, so that the default paths are right: config/konnect-proxy.yaml and audit/konnect-proxy.jsonl.
WORKDIR /opt/konnect-proxy
# Of group 0, for platforms that choose the user themselves and leave it in that group (OpenShift).
RUN install -d -o 10001 -g 0 -m 0770 audit
COPY --from=build /build/proxy-server/target/konnect-proxy.jar ./
# Beside the jar, for a whole directory may be mounted in place of config.
COPY config/jvm.options ./
COPY config/container.yaml config/konnect-proxy.yaml
# What the JDK of this image has besides; the cache below fits no others.
#   UseCompactObjectHeaders     8 bytes less for every object: a tenth less CPU for a start and for a refused request
RUN printf '%s\n' -XX:+UseCompactObjectHeaders >> jvm.options
# The ahead-of-time cache: classes as this JRE has them after loading and linking, from one run that starts, refuses a
# request and drains. Half the time to listening, a quarter less memory at rest. The run needs no network and leaves nothing
# but the cache. 'demo' in its place loads more: no faster a start, and 17 MB more at rest. Xmx keeps a large builder from
# making a cache for heaps of 32 GB and more, which fits no smaller one; UsePerfData would leave a directory in /tmp.
RUN set -eu; trial=$(mktemp -d); \
    KONNECT_PROXY_REGIONS=us KONNECT_PROXY_LISTEN=127.0.0.1:0 KONNECT_PROXY_ADMIN_ADDRESS=127.0.0.1:0 \
    KONNECT_PROXY_AUDIT_FILE="$trial/audit.jsonl" timeout 120 java @jvm.options -Xmx256m -XX:-UsePerfData \
        -XX:AOTCacheOutput=konnect-proxy.aot -jar /opt/konnect-proxy/konnect-proxy.jar run >"$trial/out" 2>"$trial/err" & \
    timeout 60 sh -c "until grep -q '^listening on' '$trial/err'; do kill -0 $! || exit; sleep 0.1; done" \
        || { cat "$trial/err"; exit 1; }; \
    port=$(sed -n 's/^listening on .*://p' "$trial/err"); \
    timeout 30 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port; \
        printf 'CONNECT www.example.com:443 HTTP/1.1\r\nHost: www.example.com:443\r\n\r\n' >&3; grep -q '^HTTP/1.1 403' <&3"; \
    kill -TERM $!; wait $!; test -s konnect-proxy.aot; rm -rf "$trial"
VOLUME /opt/konnect-proxy/audit
EXPOSE 3128
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001

# Asks as the server is configured: same file, same variables. Made to start cheaply, because it starts often: the cache
# takes a quarter off its CPU, the first compiler alone another.
HEALTHCHECK --interval=30s --timeout=10s --start-period=15s --retries=3 \
    CMD ["java", "@/opt/konnect-proxy/jvm.options", "-XX:TieredStopAtLevel=1", "-XX:AOTCache=/opt/konnect-proxy/konnect-proxy.aot", "-Xlog:aot*=off", "-jar", "/opt/konnect-proxy/konnect-proxy.jar", "health"]

# No shell in between: SIGTERM reaches the JVM, which drains and exits with 0. More flags: JDK_JAVA_OPTIONS, or a jvm.options
# mounted over this one, as for another collector.
#   MaxRAMPercentage            heap and Netty's buffers may each have this much of the container's memory; the JVM needs the rest
#   AOTCache                    where it does not fit (ZGC, a heap of 32 GB and more, another jar, an agent) the JVM starts without,
#                               in twice the time; all other collectors take it
#   Xlog:aot*=off               and does not speak of that, which it would on standard output, among the audit lines
ENTRYPOINT ["java", "@/opt/konnect-proxy/jvm.options", "-XX:MaxRAMPercentage=35", "-XX:AOTCache=/opt/konnect-proxy/konnect-proxy.aot", "-Xlog:aot*=off", "-jar", "/opt/konnect-proxy/konnect-proxy.jar"]
CMD ["run"]
