# The proxy in a container:
#
#   docker build -t konnect-proxy .
#   docker run --read-only --cap-drop ALL -p 127.0.0.1:3128:3128 \
#     -e KONNECT_PROXY_REGIONS=us -v konnect-proxy-audit:/opt/konnect-proxy/audit konnect-proxy
#
# Other commands take the place of 'run': docker run --rm -e KONNECT_PROXY_REGIONS=us konnect-proxy hosts
# Own configuration: mount it at /opt/konnect-proxy/config/konnect-proxy.yaml. docs/install.md has the build that is the same
# bit for bit, with labels and for several platforms; docs/decisions/0018-an-image-without-a-base.md why it is as it is.

# The only base image, by digest, of all its platforms; the tag tells people what that is. A newer one:
#
#   docker buildx imagetools inspect eclipse-temurin:25-jdk
ARG JDK=eclipse-temurin:25.0.4.1_1-jdk@sha256:119a3d18f160a3e7655a66034d0f43beee31cd7b3b9142d57a5de29772011de6

# What is below the proxy: the JRE, and what of this distribution the JRE needs.
FROM ${JDK} AS jre
# The modules that the jar's classes name (ImageModulesIT), with those that these require. Compressed: 23 MB less.
ARG MODULES=java.logging,java.management,java.naming,java.net.http,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported
RUN "$JAVA_HOME/bin/jlink" --add-modules "$MODULES" --vm server --compress zip-6 --strip-java-debug-attributes \
    --no-header-files --no-man-pages --output /image/jre/opt/java/openjdk
COPY deploy/image/base /
RUN /base /image/jre/opt/java/openjdk /image/base

FROM ${JDK} AS build
WORKDIR /build
# The build files alone build an empty proxy: this layer holds Maven and the libraries, and lasts as long as they do.
COPY .mvn .mvn
COPY mvnw pom.xml LICENSE NOTICE ./
COPY proxy-core/pom.xml proxy-core/
COPY proxy-audit/pom.xml proxy-audit/
COPY proxy-server/pom.xml proxy-server/
RUN ./mvnw -q -B -Pcomponents -Dmaven.test.skip=true package && rm -rf proxy-*/target
COPY config config
COPY proxy-core/src proxy-core/src
COPY proxy-audit/src proxy-audit/src
COPY proxy-server/src proxy-server/src
RUN ./mvnw -q -B -Pcomponents -Dmaven.test.skip=true package
# Laid out like a checkout, so that the default paths are right: config/konnect-proxy.yaml and audit/konnect-proxy.jsonl. The
# JVM's flags are beside the jar, for a whole directory may be mounted in place of config. The audit directory is of group 0,
# for platforms that choose the user themselves and leave it in that group (OpenShift).
#   UseCompactObjectHeaders     8 bytes less for every object: a tenth less CPU for a start and for a refused request; the JDK
#                               of this image has it, and the cache below fits no other setting
# A version that is told must be the one that is built.
ARG VERSION
RUN set -eu; proxy=/image/proxy/opt/konnect-proxy; mkdir -p "$proxy/config"; install -d -o 10001 -g 0 -m 0770 "$proxy/audit"; \
    cp proxy-server/target/konnect-proxy.jar "$proxy/"; cp proxy-server/target/bom.json "$proxy/konnect-proxy.cdx.json"; \
    cp config/container.yaml "$proxy/config/konnect-proxy.yaml"; \
    { cat config/jvm.options; echo -XX:+UseCompactObjectHeaders; } > "$proxy/jvm.options"; \
    chmod -R go=rX,u=rwX "$proxy/config" "$proxy"/*.*; \
    [ -z "$VERSION" ] || grep -q "<revision>$VERSION</revision>" pom.xml
COPY --from=jre /image /image
# All files have the time of the entries in the jar. The cache knows the jar by it, too.
RUN find /image -exec touch -h -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' pom.xml)" {} +

# One layer a concern, and those that change seldom first.
FROM scratch AS proxy
COPY --from=build /image/base /
COPY --from=build /image/jre /
COPY --from=build /image/proxy /
# File names and arguments are UTF-8.
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin LANG=C.UTF-8
WORKDIR /opt/konnect-proxy

# The ahead-of-time cache: classes as this JRE has them after loading and linking, and what it learned of them in one
# rehearsal: a start, four seconds of storms of tunnels and of refusals, a drain. Clients, Konnect and name server are in the same
# process, on loopback; no network is needed. Half the CPU time to listening, and the first clients wait a third as long. Xmx
# keeps a large builder from making a cache for heaps of 32 GB and more, which fits no smaller one.
FROM proxy AS rehearsal
RUN ["java", "@jvm.options", "-Xmx256m", "-XX:AOTCacheOutput=konnect-proxy.aot", "-Xlog:aot*=off", "-cp", "/opt/konnect-proxy/konnect-proxy.jar", "io.konnectproxy.server.command.Rehearse", "4"]

FROM proxy
# The only layer that differs from build to build: what the JVM learns depends on the moment. Nothing enters it but the layers above
# and the rehearsal.
COPY --from=rehearsal /opt/konnect-proxy/konnect-proxy.aot ./
ARG VERSION
ARG REVISION
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.title="konnect-proxy" \
    org.opencontainers.image.description="A forward proxy for CONNECT to Kong Konnect" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.source="$SOURCE" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.created="$CREATED" \
    org.opencontainers.image.base.name="scratch"
# Takes up to 9 GiB with config/container.yaml (audit.rotate); docs/audit.md says how fast that can be.
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
#   AOTCache                    where it does not fit (ZGC, a heap of 32 GB and more, another jar) the JVM starts without,
#                               in twice the time; all other collectors take it
#   Xlog:aot*=off               and does not speak of that, which it would on standard output, among the audit lines
ENTRYPOINT ["java", "@/opt/konnect-proxy/jvm.options", "-XX:AOTCache=/opt/konnect-proxy/konnect-proxy.aot", "-Xlog:aot*=off", "-jar", "/opt/konnect-proxy/konnect-proxy.jar"]
CMD ["run", "--watch"]
