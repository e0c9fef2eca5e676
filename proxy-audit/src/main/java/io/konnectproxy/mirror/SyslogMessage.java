package io.konnectproxy.mirror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lines as messages of RFC 5424, each with its length in front (RFC 6587, octet counting; RFC 5425 demands the same).
 * The constant parts of a message are built once.
 */
final class SyslogMessage {
    /** "Log audit" of RFC 5424, section 6.2.1. */
    private static final int FACILITY = 13;

    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFORMATIONAL = 6;
    private static final int MAX_HOST = 255;
    private static final String APPLICATION = "konnect-proxy";

    /** The header fields after the time. */
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

    /** The host name from Linux, or otherwise from the environment. No name service is asked. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "" : name;
        }
    }

    /** The form of HOSTNAME in RFC 5424; a hyphen, the NILVALUE, where there is no name. */
    private static String printable(String host) {
        String name = host.replaceAll("[^\\x21-\\x7e]", "");
        return name.isEmpty() ? "-" : name.substring(0, Math.min(name.length(), MAX_HOST));
    }
}
