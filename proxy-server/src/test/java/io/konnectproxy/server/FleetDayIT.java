package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.FleetDay;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a fleet's day: the first thing that is shown is the worst thing. */
class FleetDayIT {
    @TempDir
    private Path directory;

    @AutoClose
    private FleetDay day;

    @BeforeEach
    void play() throws Exception {
        day = new FleetDay(directory);
        day.play();
    }

    @Test
    void trail() throws Exception {
        Files.readAllLines(day.auditFile()).stream().limit(5).forEach(System.out::println);
        System.out.println(Files.readAllLines(day.auditFile()).size());
        Files.copy(day.auditFile(), Path.of("/tmp/day.jsonl"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(day.auditFile()).exists();
    }
}
