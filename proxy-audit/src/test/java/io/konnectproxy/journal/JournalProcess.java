package io.konnectproxy.journal;

import io.konnectproxy.journal.AuditSettings.OnFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A journal in a process of its own, for what cannot be done to the test's: limits and closed streams. */
final class JournalProcess {
    private JournalProcess() {}

    /** Arguments: the file or {@code -}, whether to mirror, how many records. The exit code says whether one failed. */
    public static void main(String[] arguments) throws Exception {
        Optional<String> file = arguments[0].equals("-") ? Optional.empty() : Optional.of(arguments[0]);
        boolean failed = false;
        try (Journal journal =
                Journal.open("proxy-1", Audits.of(file, Boolean.parseBoolean(arguments[1]), OnFailure.REFUSE))) {
            List<CompletableFuture<Void>> written = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                written.add(journal.record(Records.permitted("id-" + i)).toCompletableFuture());
            }
            for (CompletableFuture<Void> one : written) {
                failed |= one.handle((done, problem) -> problem != null).get();
            }
        }
        System.exit(failed ? 1 : 0);
    }

    /** Starts it behind a shell, so that {@code shell} can take something away from it first. */
    static ProcessBuilder start(String shell, Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell + " exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        command.add(JournalProcess.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("stderr").toFile());
    }
}
