package io.konnectproxy.mirror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lines as messages of RFC 5424, each with its length in front (RFC 6587, octet counting; RFC 5425 demands the same). What
 * is the same in every message is put together once.
 */
final class SyslogMessage {
    /** "Log audit" of RFC 5424, section 6.2.1. */
    private static final int FACILITY = 13;

    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFORMATIONAL = 6;
    private static final int MAX_HOST = 255;
    private static final String APPLICATION = "konnect-proxy";

    /** Behind the time. */
    private final String source;

    SyslogMessage(String host, long process) {
        this.source = " " + printable(host) + " " + APPLICATION + " " + process + " ";
    }

    static SyslogMessage ofThisProcess() {
        return new SyslogMessage(hostName(), ProcessHandle.current().pid());
    }

    void append(MirroredLine line, StringBuilder out) {
        MirroredEvent event = line.event();
        String head = "<" + (FACILITY * 8 + severity(event)) + ">1 " + event.time() + source + event.name() + " - ";
        out.append(head.length() + line.text().length())
                .append(' ')
                .append(head)
                .append(line.text());
    }

    private static int severity(MirroredEvent event) {
        return event.isLoss() ? WARNING : event.isRefusal() ? NOTICE : INFORMATIONAL;
    }

    /** Asks nobody outside of this machine: Linux tells, elsewhere a variable may. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "" : name;
        }
    }

    /** The form of HOSTNAME; a hyphen for nothing. */
    private static String printable(String host) {
        String name = host.replaceAll("[^\\x21-\\x7e]", "");
        return name.isEmpty() ? "-" : name.substring(0, Math.min(name.length(), MAX_HOST));
    }
}
