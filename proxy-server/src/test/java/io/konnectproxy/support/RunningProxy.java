package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.server.demo.StandInDns;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a process of its own, before an upstream of the test's. */
public final class RunningProxy implements AutoCloseable {
    private static final String LISTENING = "listening on 127.0.0.1:";

    private final Process process;
    private final BufferedReader said;
    private final InetSocketAddress address;

    private RunningProxy(Process process) throws IOException {
        this.process = process;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = awaitLine(LISTENING);
        String port = line.substring(line.indexOf(LISTENING) + LISTENING.length());
        this.address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.replaceAll("\\D.*", "")));
    }

    /** Options of a JVM that starts quickly, for tests that measure nothing. */
    public static List<String> quick() {
        return QuickStart.options();
    }

    /**
     * Its configuration and its audit file, {@code audit.jsonl}, are in the directory.
     *
     * @param jvm options of the JVM
     * @param moreConfiguration in which {@code DNS} stands for the name server
     */
    public static RunningProxy start(
            Path directory, StandInDns dns, int upstreamPort, List<String> jvm, String moreConfiguration)
            throws IOException {
        return start(directory, dns, upstreamPort, jvm, "", moreConfiguration);
    }

    /**
     * The same with more in the configuration's part about the audit trail.
     *
     * @param moreAudit keys of {@code audit}, with a comma before each
     */
    public static RunningProxy start(
            Path directory,
            StandInDns dns,
            int upstreamPort,
            List<String> jvm,
            String moreAudit,
            String moreConfiguration)
            throws IOException {
        return start(directory, dns, upstreamPort, jvm, moreAudit, moreConfiguration, "");
    }

    /**
     * The same with more about the listener.
     *
     * @param moreListener keys of the listener, with a comma before each
     */
    public static RunningProxy start(
            Path directory,
            StandInDns dns,
            int upstreamPort,
            List<String> jvm,
            String moreAudit,
            String moreConfiguration,
            String moreListener)
            throws IOException {
        Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:0"%s}]
                regions: [us]
                audit: {file: "%s", stdout: false%s}
                %s
                permit-addresses: [127.0.0.0/8]
                %s
                """.formatted(
                        moreListener,
                        directory.resolve("audit.jsonl"),
                        moreAudit,
                        moreConfiguration.contains("admin:") ? "" : "admin: {address: \"127.0.0.1:0\"}",
                        moreConfiguration.replace("DNS", NetUtil.toSocketAddressString(dns.address()))));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(jvm);
        command.addAll(List.of(
                RunBeforeStandIn.class.getName(), Integer.toString(upstreamPort), "run", "-c", file.toString()));
        return new RunningProxy(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    public InetSocketAddress address() {
        return address;
    }

    /** The process's own deadline is the test's: it is ended with it. */
    public String awaitLine(String containing) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.contains(containing)) {
                return line;
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("it never said '" + containing + "' but:\n" + all);
    }

    /** What it has still to say, up to its end. */
    public List<String> rest() {
        return said.lines().toList();
    }

    public void signal() {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    /** How many it has open. */
    public int descriptors() {
        String[] open = Path.of("/proc", Long.toString(pid()), "fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    /** Bytes on its heap, after a collection. */
    public long liveHeap() throws IOException {
        return figure("Total +\\d+ +(\\d+)", jcmd("GC.class_histogram"));
    }

    /**
     * Bytes on its heap, after a collection, and of its buffers outside of it, where it was started with
     * {@code -XX:NativeMemoryTracking=summary}.
     */
    public long liveHeapAndBuffers() throws IOException {
        return liveHeap() + 1024 * figure("Other \\(reserved=(\\d+)KB", jcmd("VM.native_memory summary scale=KB"));
    }

    private static long figure(String pattern, String said) {
        Matcher figure = Pattern.compile(pattern).matcher(said);
        assertThat(figure.find()).as(said).isTrue();
        return Long.parseLong(figure.group(1));
    }

    /** What {@code jcmd} would print, without a JVM that has to start for it. */
    private String jcmd(String asked) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
            // Public only in a package that the test's JVM is told to export.
            Method command = machine.getClass().getMethod("executeJCmd", String.class);
            try (InputStream said = (InputStream) command.invoke(machine, asked)) {
                // Not readAllBytes: JDK 17 takes an offset of 4096 there for the end.
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                said.transferTo(all);
                return all.toString(UTF_8);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** With SIGKILL, which no process notices. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void assertEndsWithin(Duration time) throws InterruptedException {
        assertThat(hasEndedWithin(time)).as("ended").isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        said.close();
    }
}
