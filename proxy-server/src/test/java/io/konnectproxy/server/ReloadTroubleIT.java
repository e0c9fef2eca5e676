package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes while the trail cannot be written, while clients come without end, and many of them. */
@Timeout(120)
class ReloadTroubleIT {
    private static final Origin.Conversation ECHO =
            upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream());

    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("io.konnectproxy").expecting("The audit file ", "Refused again and again: ");

    @Test
    void where_nothing_is_served_unrecorded_a_change_without_a_line_is_not_in_force() throws Exception {
        int port = FreePort.number();
        StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
        try (Rig rig = new Rig(Origin.plain(ECHO), dns, "", "regions: [us]\n")) {
            assertThat(refusal(rig)).isEqualTo("region_not_enabled");
            fillDisk(rig);
            assertThatThrownBy(() -> rig.reload("regions: [eu]\nlimits: {tunnels: 1, refusals-per-minute: 500}\n"
                            + "listen: [{address: \"127.0.0.1:0\", sources: [10.0.0.0/8]}, {address: \"127.0.0.1:"
                            + port
                            + "\"}]\n"))
                    .isInstanceOf(ReloadRefusedException.class)
                    .hasMessageContaining("nothing was put in force");
            Files.delete(rig.auditFile());
            assertThat(rig.proxy().listeners()).hasSize(1);
            // The JDK closes a socket when its event loop has left it, which may be a moment later.
            Await.until("nobody listens there", () -> isRefused(port));
            Await.until("the trail goes on", () -> ready(rig));
            assertThat(refusal(rig)).isEqualTo("region_not_enabled");
            assertThat(rig.audit().all())
                    .noneMatch(line -> line.path("occasion").asString("").equals("reload"));
        }
    }

    @Test
    void where_everything_is_served_unrecorded_a_change_is_in_force_and_has_its_line_after_the_outage()
            throws Exception {
        StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
        try (Rig rig = new Rig(Origin.plain(ECHO), dns, ", on-failure: continue", "regions: [us, eu]\n")) {
            fillDisk(rig);
            rig.reload("regions: [us]\n");
            assertThat(refusal(rig)).isEqualTo("region_not_enabled");
            Files.delete(rig.auditFile());
            Await.until(
                    "the trail goes on",
                    () -> Files.isRegularFile(rig.auditFile())
                            && rig.audit().all().stream()
                                    .anyMatch(line ->
                                            line.path("occasion").asString("").equals("reload")));
            assertThat(refusal(rig)).isEqualTo("region_not_enabled");
        }
    }

    /** A channel that was accepted a moment ago is known before it has an event loop. */
    @Test
    void clients_that_come_without_end_disturb_no_change() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Rig rig = new Rig(Origin.plain(ECHO), "regions: [us]\n")) {
            Thread[] floods = new Thread[3];
            for (int i = 0; i < floods.length; i++) {
                floods[i] = new Thread(() -> {
                    while (!over.get()) {
                        try (Socket socket = new Socket(
                                rig.address().getAddress(), rig.address().getPort())) {
                            socket.setSoLinger(true, 0);
                        } catch (IOException e) {
                            // The next one.
                        }
                    }
                });
                floods[i].start();
            }
            try {
                long end = System.nanoTime() + 3_000_000_000L;
                for (int i = 0; System.nanoTime() < end; i++) {
                    rig.reload("regions: [us]\ntimeouts: {idle: " + (100 + i % 2) + "s}\n");
                }
            } finally {
                over.set(true);
                for (Thread flood : floods) {
                    flood.join();
                }
            }
        }
    }

    @Test
    void nothing_is_left_of_changes() throws Exception {
        int port = FreePort.number();
        String users = "somebody:$2y$05$abcdefghijklmnopqrstuuK6PMFfAfKHeTBnzvPTBn6KRsgfMXmNK\n";
        StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
        try (Rig rig = new Rig(Origin.plain(ECHO), dns, "", "regions: [us]\n")) {
            Path file = rig.directory().resolve("users");
            Files.writeString(file, users);
            String soon = "timeouts: {drain: 100ms, connect: 1s}\n";
            String[] all = {
                "regions: [us]\n",
                "listen: [{address: \"127.0.0.1:" + port + "\", credentials: " + file + "}]\n" + soon,
                "dns: {servers: [\"127.0.0.1:9\"]}\nparents: [{url: \"http://192.0.2.1:3128\"}]\n" + soon,
                "listen: [{address: \"127.0.0.1:0\"}, {address: \"127.0.0.1:0\"}]\nsource-address: 127.0.0.1\n" + soon
            };
            rounds(rig, all, 20);
            Figures before = Figures.settled();
            // One thread or descriptor in every fourth change would be far too many.
            rounds(rig, all, 100);
            Figures after = Figures.settled();
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2);
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 4);
        }
    }

    private static void rounds(Rig rig, String[] all, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            rig.reload(all[i % all.length]);
            if (i % 10 == 0) {
                refusal(rig);
            }
        }
    }

    private record Figures(int threads, long descriptors) {
        /** After what was replaced has been closed. */
        static Figures settled() throws Exception {
            Thread.sleep(4_000);
            long descriptors;
            try (var files = Files.list(Path.of("/proc/self/fd"))) {
                descriptors = files.count();
            }
            return new Figures(Thread.activeCount(), descriptors);
        }
    }

    /** Every write to the trail fails from now on. */
    private static void fillDisk(Rig rig) throws IOException {
        Files.move(rig.auditFile(), rig.directory().resolve("aside"));
        Files.createSymbolicLink(rig.auditFile(), Path.of("/dev/full"));
        // Or the next line may still go to the file that was moved.
        rig.proxy().followFiles();
    }

    private static boolean isRefused(int port) {
        try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !connected.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean ready(Rig rig) {
        try {
            return rig.readiness() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String refusal(Rig rig) throws IOException {
        try (RawClient client = rig.client()) {
            return client.connect("ffffffffff.eu.cp0.konghq.com").answer().reason();
        }
    }
}
