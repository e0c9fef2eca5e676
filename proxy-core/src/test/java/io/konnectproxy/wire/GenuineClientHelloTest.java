package io.konnectproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The hellos of a real client: the JDK's own. */
final class GenuineClientHelloTest {
    private static final String HOST = "us.api.konghq.com";

    static Stream<Arguments> clients() {
        return Stream.of(
                arguments("TLS 1.3 and 1.2 with ALPN", List.of("TLSv1.3", "TLSv1.2"), List.of("h2", "http/1.1")),
                arguments("TLS 1.3 alone", List.of("TLSv1.3"), List.of()),
                arguments("TLS 1.2 alone, as an older Kong", List.of("TLSv1.2"), List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void reads_what_a_real_client_sends(String name, List<String> versions, List<String> alpn) throws Exception {
        byte[] hello = hello(versions, alpn, HOST);

        ClientHello expected = new ClientHello(hello.length, HOST, alpn, false, versions, false, false);
        assertThat(HelloRun.whole(hello)).isEqualTo(expected);
        for (int size = 1; size < 20; size++) {
            assertThat(HelloRun.pieces(hello, size)).isEqualTo(expected);
        }
    }

    @Test
    void misses_the_server_name_of_a_real_client_that_sends_none() throws Exception {
        byte[] hello = hello(List.of("TLSv1.3"), List.of(), "");

        assertThat(HelloRun.whole(hello))
                .isInstanceOfSatisfying(
                        HelloFault.class,
                        fault -> assertThat(fault.kind()).isEqualTo(HelloFault.Kind.SERVER_NAME_MISSING));
    }

    private static byte[] hello(List<String> versions, List<String> alpn, String serverName) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        if (!serverName.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }
}
