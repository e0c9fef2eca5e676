package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditSchema;
import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A trail as its reader finds it. */
final class Trails {
    private Trails() {}

    /** All lines of the files, in the order given; each is of the form, and bound to the one before it, of the same trail. */
    static List<String> lines(Path... files) throws IOException {
        List<String> all = new ArrayList<>();
        Link last = Link.NONE;
        TrailLine line = new TrailLine();
        for (Path file : files) {
            try (LineReader lines = LineReader.open(file)) {
                while (lines.next()) {
                    assertThat(line.read(lines.bytes(), lines.from(), lines.end()))
                            .as(() -> line.fault())
                            .isTrue();
                    assertThat(line.seq()).isEqualTo(last.seq() + 1);
                    assertThat(line.prev()).isEqualTo(last.hash());
                    assertThat(line.hashFits()).isTrue();
                    if (last.trail().isPresent()) {
                        assertThat(line.trail()).isEqualTo(last.trail());
                    }
                    assertThat(AuditSchema.problems(line.text())).isEmpty();
                    last = line.link();
                    all.add(line.text());
                }
                assertThat(lines.unfinished()).isZero();
            }
        }
        return all;
    }

    /** The files of a directory whose names begin so, in the order of their names. */
    static List<Path> named(Path directory, String beginning) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith(beginning))
                    .sorted()
                    .toList();
        }
    }
}
