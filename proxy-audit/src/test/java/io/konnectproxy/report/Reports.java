package io.konnectproxy.report;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.TrailPlace;
import io.konnectproxy.trail.Trails;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reports on files and directories, as the command makes them. */
public final class Reports {
    private Reports() {}

    public static TrailReading.ReadReport on(Path... places) throws TrailException {
        return on(Story.query(), List.of(), places);
    }

    static TrailReading.ReadReport on(ReportQuery query, List<VerificationKey> keys, Path... places)
            throws TrailException {
        try (Trails trails = Trails.of(Arrays.stream(places).map(TrailPlace::of).toList())) {
            return new TrailReading(query, keys, KeptCheckpoints.none()).of(trails);
        }
    }
}
