package io.konnectproxy.server.journal;

import java.util.List;

/** Lines for those who read them. */
public final class EveryLine {
    private EveryLine() {}

    /** At least one of each kind that the proxy writes, without its line feed. */
    public static List<String> kinds() {
        return AuditLineSchemaTest.every_kind_of_record()
                .map(Records::bound)
                .map(String::strip)
                .toList();
    }
}
