package io.konnectproxy.bench.siege;

import io.konnectproxy.bench.Jcmd;
import io.konnectproxy.bench.ProxyProcess;
import io.konnectproxy.bench.Usage;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/** What is besieged: the shipped jar in a process of its own. Its lines on standard output are thrown away. */
final class Proxy implements AutoCloseable {
    /** With this a JVM ends that has {@code ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    /** By signal 9, which is what a control group without memory has for its processes. */
    private static final int KILLED = 128 + 9;

    /** HotSpot's serial collector shrinks the heap by 0, 10, 40 and 100 %. */
    private static final int COLLECTIONS = 4;

    private final Installation installation;
    private final Listeners listeners;
    private ProxyProcess process;

    Proxy(Installation installation, Listeners listeners) throws IOException, InterruptedException {
        this.installation = installation;
        this.listeners = listeners;
        this.process = start();
    }

    private ProxyProcess start() throws IOException, InterruptedException {
        Path log = installation.log();
        try {
            return ProxyProcess.start(
                    new ProcessBuilder(installation.run(List.of(Jcmd.TRACKING)))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.appendTo(log.toFile())),
                    listeners.plain(),
                    log);
        } catch (IOException e) {
            throw new IOException("The proxy " + e.getMessage(), e);
        }
    }

    /** Another process in the place of this one, on the same files. */
    void restart() throws IOException, InterruptedException {
        process.kill();
        process.close();
        process = start();
    }

    boolean isAlive() {
        return process.handle().isAlive();
    }

    /** With what the process ended, in words where that is known. */
    String end() {
        int code = process.exitCode();
        return switch (code) {
            case OUT_OF_MEMORY -> "out of memory";
            case KILLED -> "killed by the system";
            default -> "exit code " + code;
        };
    }

    long residentBytes() {
        return Usage.residentBytes(process.handle());
    }

    double cpuSeconds() {
        return Usage.cpuSeconds(process.handle());
    }

    /** Sockets and files that it has open. */
    int openFiles() {
        String[] open = new File("/proc/" + process.handle().pid() + "/fd").list();
        return open == null ? 0 : open.length;
    }

    /** What is held is looked at after as many collections as it takes until the heap is as small as it gets. */
    Memory memory() throws IOException, InterruptedException {
        Jcmd jvm = new Jcmd(process.handle());
        long resident = residentBytes();
        long heap = 0;
        for (int collection = 0; collection < COLLECTIONS; collection++) {
            heap = jvm.liveHeapBytes();
        }
        jvm.trim();
        return new Memory(resident, residentBytes(), heap, jvm.bytesOutside());
    }

    @Override
    public void close() {
        process.close();
    }
}
