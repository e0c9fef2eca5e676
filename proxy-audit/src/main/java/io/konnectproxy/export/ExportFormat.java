package io.konnectproxy.export;

import io.konnectproxy.siem.LineFormat;
import java.io.IOException;
import java.io.OutputStream;

/** The form of an export. */
public enum ExportFormat {
    LINES,
    PARQUET,
    OCSF,
    ECS;

    /** Whether it is text: a JSON object in ASCII on each line. */
    public boolean isText() {
        return this != PARQUET;
    }

    ExportSink to(OutputStream out) throws IOException {
        return switch (this) {
            case LINES -> new TextSink(out, LineFormat.LINE);
            case OCSF -> new TextSink(out, LineFormat.OCSF);
            case ECS -> new TextSink(out, LineFormat.ECS);
            case PARQUET -> new ParquetSink(out);
        };
    }
}
