package io.konnectproxy.bench.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
        verified(left);
        tampered();
        reported(reckoning);
    }

    private void objects(Recorded left) throws IOException {
        Amount plain = new Amount();
        Amount compressed = new Amount();
        Amount checkpoints = new Amount();
        for (Path object : store.objects(Store.BUCKET)) {
            Amount kind =
                    Store.isCheckpoint(object) ? checkpoints : object.toString().endsWith(".gz") ? compressed : plain;
            kind.add(Files.size(object));
        }
        expectations.note(
                "the archive has %,d lines of %,d bytes: %s in files as they are, %s compressed, to %.1f %%; and %s as checkpoints",
                left.lines(),
                left.bytes(),
                plain,
                compressed,
                100.0 * compressed.bytes / (left.bytes() - plain.bytes),
                checkpoints);
        expectations.note("requests to the store so far: %s", store.requests());
    }

    /** Objects of one kind. */
    private static final class Amount {
        private long objects;
        private long bytes;

        void add(long more) {
            objects++;
            bytes += more;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d bytes in %,d objects", bytes, objects);
        }
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
                "%,d tunnels ended at rest, %,d were cut, %,d have no end because their proxy was killed, %,d were permitted and not"
                        + " established; %,d answers of 200 and %,d refusals were never heard, %,d requests were never decided",
                reckoning.atRest.requests,
                reckoning.cut.requests,
                reckoning.killed.requests,
                reckoning.unestablished.requests,
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
        expectations.expect(
                reckoning.summed.requests > 0,
                "%,d refusals have no line of their own, and are counted in sums",
                reckoning.summed.requests);
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

    /** What is proven is what is there, up to the last signature; and what is not there is named, by the archive alone. */
    private void verified(Recorded left) throws IOException, InterruptedException {
        Verdicts verdicts = verify(Store.BUCKET);
        Map<String, Long> checkpoints = store.lastCheckpoints();
        expectations.expect(
                verdicts.outcome().exitCode() == 0 && verdicts.rows().size() == machines.size(),
                "audit verify: exit code %d, %d trails of %d machines%s",
                verdicts.outcome().exitCode(),
                verdicts.rows().size(),
                machines.size(),
                verdicts.outcome().errors().isEmpty()
                        ? ""
                        : ": " + verdicts.outcome().errors());
        verdicts.rows().forEach((trail, row) -> {
            Recorded.Range there = left.trails().get(trail);
            long lines = there == null ? 0 : there.lines();
            long signed = there == null ? 0 : there.lastCheckpoint();
            expectations.expect(
                    row.isIntact() == lines > 0 && row.lines() == lines && row.provenTo() == signed,
                    "%s: %,d lines are there, the last signed one is %,d; verify says %,d, %,d, %s",
                    row.instance(),
                    lines,
                    signed,
                    row.lines(),
                    row.provenTo(),
                    row.result());
        });
        for (Lost machine : lost) {
            machine.lines().trails().forEach((trail, all) -> missing(verdicts, machine, trail, all, left, checkpoints));
        }
    }

    /** Of a machine that is lost: the lines between the last finished file and the last checkpoint. */
    private void missing(
            Verdicts verdicts,
            Lost machine,
            String trail,
            Recorded.Range all,
            Recorded left,
            Map<String, Long> checkpoints) {
        Recorded.Range there = left.trails().get(trail);
        long from = there == null ? 1 : there.last() + 1;
        long to = checkpoints.getOrDefault(trail, 0L);
        String instance = machine.machine().instance();
        expectations.expect(
                from <= to && to <= all.last() && machine.counted() <= all.last(),
                "%s was lost with %,d lines, of which its proxy had counted %,d a moment before; %,d are in finished files, and a checkpoint"
                        + " in the archive stands for lines up to %,d",
                instance,
                all.last(),
                machine.counted(),
                from - 1,
                to);
        expectations.expect(
                verdicts.names(from, to, trail),
                "%s: verify names lines %,d to %,d, which are lost; of %,d lines behind the last checkpoint nobody can know",
                instance,
                from,
                to,
                all.last() - to);
    }

    /** In a copy of the bucket, behind the back of the store: one object is altered, and of two trails the first and a middle one deleted. */
    private void tampered() throws IOException, InterruptedException {
        store.copy();
        Path altered = store.files(machines.get(4)).get(0);
        alter(altered);
        // Each restart has finished a file.
        List<Path> deleted = List.of(
                store.files(machines.get(3)).get(0),
                store.files(machines.get(2)).get(1));
        for (Path object : deleted) {
            Files.delete(object);
        }
        Verdicts verdicts = verify(Store.COPY);
        expectations.expect(
                verdicts.outcome().exitCode() == 1,
                "audit verify of a copy that was tampered with: exit code %d",
                verdicts.outcome().exitCode());
        Set<String> touched = new HashSet<>(Set.of(trail(altered)));
        Verdicts.Row row = verdicts.rows().get(trail(altered));
        String key = store.key(Store.COPY, altered);
        expectations.expect(
                row != null && row.isBroken() && verdicts.says(key),
                "%s was altered in one digit: verify says %s%s",
                key,
                row == null ? "nothing of its trail" : row.result(),
                verdicts.says(key) ? ", and names it" : ", and does not name it");
        for (Path object : deleted) {
            touched.add(trail(object));
            missing(verdicts, object);
        }
        expectations.expectEqual(
                "trails that are called broken, and were not touched",
                0,
                verdicts.rows().entrySet().stream()
                        .filter(entry -> entry.getValue().isBroken() && !touched.contains(entry.getKey()))
                        .count());
    }

    /** Changes the first digit of a number in the middle. */
    private static void alter(Path object) throws IOException {
        byte[] bytes = Files.readAllBytes(object);
        String number = "\"bytes_up\":";
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(number, bytes.length / 2) + number.length();
        bytes[at] = (byte) (bytes[at] == '7' ? '8' : '7');
        Files.write(object, bytes, StandardOpenOption.WRITE);
    }

    private static String trail(Path object) {
        return object.getParent().getFileName().toString();
    }

    /** The lines of an object that was deleted are named. */
    private void missing(Verdicts verdicts, Path object) throws IOException {
        long from = Store.number(object);
        long to = 0;
        for (Path file : store.files(object.getParent())) {
            long next = Store.number(file);
            to = next > from && to == 0 ? next - 1 : to;
        }
        Verdicts.Row row = verdicts.rows().get(trail(object));
        boolean named = verdicts.names(from, to, trail(object));
        expectations.expect(
                row != null && !row.result().equals("INTACT") && named,
                "%s was deleted: verify says %s, and %s lines %,d to %,d",
                store.key(Store.COPY, object),
                row == null ? "nothing of its trail" : row.result(),
                named ? "names" : "does not name",
                from,
                to);
    }

    private Verdicts verify(String bucket) throws IOException, InterruptedException {
        Map<String, Long> before = store.requests();
        Program.Outcome outcome = audit("verify", Store.url(bucket));
        requestsOf("audit verify of " + bucket, outcome, before);
        return new Verdicts(outcome);
    }

    private void requestsOf(String what, Program.Outcome outcome, Map<String, Long> before) throws IOException {
        Map<String, Long> made = store.requests();
        before.forEach((kind, number) -> made.computeIfPresent(kind, (same, more) -> more - number));
        expectations.note(
                "%s: %.1f s, of the processors %.1f s, %,d MiB at most, requests %s",
                what, outcome.seconds(), outcome.cpuSeconds(), outcome.mostBytes() >> 20, made);
    }

    private Program.Outcome audit(String command, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "audit", command, "--endpoint", store.endpoint(), "--region", Store.REGION, "--key", key.toString()));
        arguments.addAll(List.of(more));
        return program.run(arguments.toArray(String[]::new));
    }

    /** The report's totals are the sums of what the data planes counted. */
    private void reported(Reckoning reckoning) throws IOException, InterruptedException {
        Map<String, Long> before = store.requests();
        Program.Outcome report = audit("report", "--output", "json", Store.url(Store.BUCKET));
        requestsOf("audit report", report, before);
        Matcher totals = TOTALS.matcher(report.output());
        if (!totals.find()) {
            expectations.expect(false, "audit report has totals: %s", report.errors());
            return;
        }
        String found = totals.group(1);
        expectations.expectEqual(
                "the report's permitted requests are those that the data planes had, or never heard of",
                reckoning.permitted.requests + reckoning.unestablished.requests + reckoning.permittedUnheard.requests,
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
