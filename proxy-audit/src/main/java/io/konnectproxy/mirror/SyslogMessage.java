package io.konnectproxy.mirror;

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

    /** @param instance the HOSTNAME: the name of this proxy, which is that of its machine unless it is configured */
    SyslogMessage(String instance, long process) {
        this.source = " " + instance + " " + APPLICATION + " " + process + " ";
    }

    static SyslogMessage ofThisProcess(String instance) {
        return new SyslogMessage(instance, ProcessHandle.current().pid());
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
}
