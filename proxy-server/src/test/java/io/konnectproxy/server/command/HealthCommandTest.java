package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.admin.AdminServer;
import io.konnectproxy.support.PageStage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int health(String admin) throws IOException {
        Path file = directory.resolve("konnect-proxy.yaml");
        Files.writeString(file, "regions: [us]\nadmin:\n  address: " + admin + "\n");
        return KonnectProxyCommand.execute(
                new PrintWriter(out), new PrintWriter(err), Map.of(), "health", "-c", file.toString());
    }

    private int askServer(List<String> reasons) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (AdminServer server =
                AdminServer.start(anyPort, loops.next(), () -> reasons, format -> new byte[0], PageStage.off())) {
            return health("127.0.0.1:" + server.address().getPort());
        } finally {
            loops.shutdownGracefully();
        }
    }

    @Test
    void ready_is_0_and_one_line() throws Exception {
        assertThat(askServer(List.of())).isZero();
        assertThat(out).hasToString("Ready." + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void not_ready_is_1_with_the_reason() throws Exception {
        assertThat(askServer(List.of("draining"))).isEqualTo(1);
        assertThat(err).hasToString("Not ready: draining" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_configuration_that_cannot_be_used_is_1_and_one_line() throws Exception {
        assertThat(health("nowhere")).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("The configuration cannot be used, so nobody knows whom to ask: ")
                .contains("admin.address: 'nowhere' ");
    }

    @Test
    void a_port_that_the_system_chose_cannot_be_asked() throws Exception {
        assertThat(health("127.0.0.1:0")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().endsWith("set a port.");
    }
}
