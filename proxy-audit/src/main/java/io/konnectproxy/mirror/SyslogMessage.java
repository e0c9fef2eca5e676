package io.konnectproxy.mirror;

import io.konnectproxy.siem.LineFormat;

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
    private static final String APPLICATION = "konnect-proxy";

    /** The header fields after the time. */
    private final String source;

    private final LineBody body;

    /** @param instance the HOSTNAME: the name of this proxy, which is that of its machine unless it is configured */
    SyslogMessage(String instance, long process, LineFormat format) {
        this.body = new LineBody(format, instance);
        this.source = " " + instance + " " + APPLICATION + " " + process + " ";
    }

    static SyslogMessage ofThisProcess(String instance, LineFormat format) {
        return new SyslogMessage(instance, ProcessHandle.current().pid(), format);
    }

    void append(MirroredLine line, StringBuilder out) {
        MirroredEvent event = line.event();
        String head = "<" + (FACILITY * 8 + severity(event)) + ">1 " + event.time() + source + event.name() + " - ";
        String text = body.of(line, event);
        out.append(head.length() + text.length()).append(' ').append(head).append(text);
    }

    private static int severity(MirroredEvent event) {
        return event.isLoss() ? WARNING : event.isRefusal() ? NOTICE : INFORMATIONAL;
    }
}
