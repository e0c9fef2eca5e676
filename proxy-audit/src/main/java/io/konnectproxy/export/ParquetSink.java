package io.konnectproxy.export;

import io.konnectproxy.parquet.ParquetWriter;
import io.konnectproxy.trail.event.EventReader.EventLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** A row of a Parquet file for each line. */
final class ParquetSink implements ExportSink {
    private final ParquetWriter writer;

    ParquetSink(OutputStream out) throws IOException {
        writer = new ParquetWriter(out, EventColumns.all());
    }

    @Override
    public void line(String line, EventLine event, Optional<String> instance) throws IOException {
        writer.row(EventColumns.row(event, instance));
    }

    @Override
    public void end(boolean complete) throws IOException {
        writer.end(Map.of(
                "konnect_proxy.complete", String.valueOf(complete),
                "konnect_proxy.columns", String.valueOf(EventColumns.VERSION)));
    }
}
