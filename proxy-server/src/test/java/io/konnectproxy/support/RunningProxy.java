package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.server.demo.StandInDns;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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

    /** Bytes on its heap, after a collection. */
    public long liveHeap() throws IOException {
        return figure("Total +\\d+ +(\\d+)", jcmd("GC.class_histogram"));
    }

    /**
     * Bytes on its heap, after a collection, and of its buffers outside of it, where it was started with
     * {@code -XX:NativeMemoryTracking=summary}.
     */
    public long liveHeapAndBuffers() throws IOException {
        Path both = Files.createTempFile("konnect-proxy", ".jcmd");
        try {
            Files.writeString(both, "GC.class_histogram\nVM.native_memory summary scale=KB\n");
            String said = jcmd("-f", both.toString());
            return figure("Total +\\d+ +(\\d+)", said) + 1024 * figure("Other \\(reserved=(\\d+)KB", said);
        } finally {
            Files.delete(both);
        }
    }

    private static long figure(String pattern, String said) {
        Matcher figure = Pattern.compile(pattern).matcher(said);
        assertThat(figure.find()).as(said).isTrue();
        return Long.parseLong(figure.group(1));
    }

    private String jcmd(String... asked) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", Long.toString(pid())));
        command.addAll(List.of(asked));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(jcmd.getInputStream().readAllBytes(), UTF_8);
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
