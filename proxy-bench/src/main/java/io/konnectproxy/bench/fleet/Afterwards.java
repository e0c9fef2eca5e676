package io.konnectproxy.bench.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the archive alone says when everything is over, against what was counted. */
final class Afterwards {
    private static final Pattern TOTALS = Pattern.compile("\"totals\"\\s*:\\s*\\{([^}]*)\\}");

    private final Expectations expectations;
    private final Program program;
    private final Store store;
    private final List<Machine> machines;
    private final List<Lost> lost;
    private final Path key;

    /**
     * A machine that is lost.
     *
     * @param lines all lines that were on its volume
     * @param counted how many lines its proxy had counted a moment before
     */
    record Lost(Machine machine, Recorded lines, long counted) {}

    Afterwards(
            Expectations expectations,
            Program program,
            Store store,
            List<Machine> machines,
            List<Lost> lost,
            Path key) {
        this.expectations = expectations;
        this.program = program;
        this.store = store;
        this.machines = machines;
        this.lost = lost;
        this.key = key;
    }

    void look(List<Attempt> attempts) throws IOException, InterruptedException {
        Recorded left = Recorded.of(store.bucket(Store.BUCKET));
        objects(left);
        Reckoning reckoning = new Reckoning(left, lost.stream().map(Lost::lines).toList(), machines);
        reckoning.reckon(attempts);
        requests(attempts, reckoning);
        volumes(left);
        report(reckoning);
    }

    private void objects(Recorded left) throws IOException {
        long files = 0;
        long fileBytes = 0;
        long checkpoints = 0;
        long checkpointBytes = 0;
        for (Path object : store.objects(Store.BUCKET)) {
            if (object.getParent().getFileName().toString().equals("checkpoints")) {
                checkpoints++;
                checkpointBytes += Files.size(object);
            } else {
                files++;
                fileBytes += Files.size(object);
            }
        }
        expectations.note(
                "The archive has %,d finished files of %,d bytes, with %,d lines of %,d bytes, and %,d checkpoints of %,d bytes; requests so far: %s",
                files, fileBytes, left.lines(), left.bytes(), checkpoints, checkpointBytes, store.requests());
    }

    /** Each request of each data plane, and its line. */
    private void requests(List<Attempt> attempts, Reckoning reckoning) {
        expectations.note(
                "%,d requests: permitted %,d, refused %,d (%,d of them in sums); in tunnels %,d bytes up, %,d down",
                attempts.size(),
                reckoning.permitted.requests,
                reckoning.refused.requests,
                reckoning.summed.requests,
                attempts.stream().mapToLong(attempt -> attempt.sent).sum(),
                attempts.stream().mapToLong(attempt -> attempt.received).sum());
        expectations.note(
                "%,d tunnels ended at rest, %,d were cut, %,d have no end because their proxy was killed; %,d answers of 200 and %,d refusals"
                        + " were never heard, %,d requests were never decided",
                reckoning.atRest.requests,
                reckoning.cut.requests,
                reckoning.killed.requests,
                reckoning.permittedUnheard.requests,
                reckoning.refusedUnheard.requests,
                reckoning.undecided.requests);
        new TreeMap<>(reckoning.losses())
                .forEach((instance, loss) -> expectations.note(
                        "lost with %s: the decisions of %,d permitted requests (%,d bytes up, %,d down) and %,d refused ones, the ends of %,d"
                                + " tunnels (%,d up, %,d down)",
                        instance,
                        loss.permitted.requests,
                        loss.permitted.up,
                        loss.permitted.down,
                        loss.refused.requests,
                        loss.ends.requests,
                        loss.ends.up,
                        loss.ends.down));
        expectations.expect(
                reckoning.faulty() == 0,
                "every answer that a data plane had is in the archive's lines, or in lines that a lost machine took with it: %d faults %s",
                reckoning.faulty(),
                reckoning.faults());
    }

    /** A machine that stopped by itself has all its lines in the archive. */
    private void volumes(Recorded left) throws IOException {
        for (Machine machine : machines) {
            if (Files.isDirectory(machine.volume())) {
                Recorded.of(machine.volume()).trails().forEach((trail, lines) -> {
                    Recorded.Range archived = left.trails().get(trail);
                    expectations.expect(
                            archived != null && archived.last() == lines.last() && archived.lines() == lines.last(),
                            "%s stopped: all its %,d lines are in the archive, which has %,d",
                            machine.instance(),
                            lines.last(),
                            archived == null ? 0 : archived.lines());
                });
            }
        }
    }

    private Program.Outcome audit(String command, String... more) throws IOException, InterruptedException {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "audit", command, "--endpoint", store.endpoint(), "--region", Store.REGION, "--key", key.toString()));
        arguments.addAll(List.of(more));
        return program.run(arguments.toArray(String[]::new));
    }

    /** The report's totals are the sums of what the data planes counted. */
    private void report(Reckoning reckoning) throws IOException, InterruptedException {
        Map<String, Long> before = store.requests();
        Program.Outcome report = audit("report", "--output", "json", Store.url(Store.BUCKET));
        expectations.note(
                "audit report: exit code %d, %.1f s, %,d MiB, requests %s then %s",
                report.exitCode(), report.seconds(), report.mostBytes() >> 20, before, store.requests());
        Matcher totals = TOTALS.matcher(report.output());
        if (!totals.find()) {
            expectations.expect(false, "audit report has totals: %s", report.errors());
            return;
        }
        String found = totals.group(1);
        expectations.expectEqual(
                "the report's permitted requests are those that the data planes had, or never heard of",
                reckoning.permitted.requests + reckoning.permittedUnheard.requests,
                total(found, "permitted"));
        expectations.expectEqual(
                "the report's refused requests",
                reckoning.refused.requests + reckoning.refusedUnheard.requests,
                total(found, "refused"));
        expectations.expectEqual(
                "the report's bytes up", reckoning.atRest.up + reckoning.cut.up, total(found, "bytes_up"));
        expectations.expectEqual(
                "the report's bytes down", reckoning.atRest.down + reckoning.cut.down, total(found, "bytes_down"));
    }

    private static long total(String totals, String name) {
        Matcher value = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d+)").matcher(totals);
        return value.find() ? Long.parseLong(value.group(1)) : -1;
    }
}
