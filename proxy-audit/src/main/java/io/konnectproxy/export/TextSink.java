package io.konnectproxy.export;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.trail.event.EventReader.EventLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** An event a line. */
final class TextSink implements ExportSink {
    private final OutputStream out;
    private final LineFormat format;

    TextSink(OutputStream out, LineFormat format) {
        this.out = out;
        this.format = format;
    }

    @Override
    public void line(String line, EventLine event, Optional<String> instance) throws IOException {
        // A byte a character, so that a line that passes as it is keeps its bytes.
        out.write(format.of(line, event, instance).getBytes(ISO_8859_1));
        out.write('\n');
    }

    @Override
    public void end(boolean complete) {
        // A text file has no place for it; the command says it.
    }
}
