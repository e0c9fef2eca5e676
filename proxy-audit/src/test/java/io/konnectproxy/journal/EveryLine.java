package io.konnectproxy.journal;

import java.util.List;
import java.util.stream.Collectors;

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

    /** A whole trail with all of them, each with its line feed. */
    public static String trail() {
        Batch batch = new Batch(Records.BEGIN);
        AuditLineSchemaTest.every_kind_of_record().forEach(record -> batch.add(new Journal.Waiting(record), record));
        return batch.lines().stream().map(line -> batch.text(line) + "\n").collect(Collectors.joining());
    }
}
