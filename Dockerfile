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
COPY config/container.yaml config/konnect-proxy.yaml
VOLUME /opt/konnect-proxy/audit
EXPOSE 3128
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001

# Asks as the server is configured: same file, same variables. Made to start cheaply, because it starts often.
HEALTHCHECK --interval=30s --timeout=10s --start-period=15s --retries=3 \
    CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", "/opt/konnect-proxy/konnect-proxy.jar", "health"]

# No shell in between: SIGTERM reaches the JVM, which drains and exits with 0. More flags: JDK_JAVA_OPTIONS.
#   MaxRAMPercentage            heap and Netty's buffers may each have this much of the container's memory; the JVM needs the rest
#   ExitOnOutOfMemoryError      no limping on: the platform starts it anew
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=35", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/konnect-proxy/konnect-proxy.jar"]
CMD ["run"]
