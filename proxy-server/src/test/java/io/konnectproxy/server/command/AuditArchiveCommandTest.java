package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.StandInS3;
import io.konnectproxy.trail.TrailBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code audit archive} as a shell sees it, with files that lie there from before. */
class AuditArchiveCommandTest {
    private static final String FIRST = "audit-20261122-000000000001.jsonl";
    private static final String SECOND = "audit-20261123-000000000003.jsonl";

    @TempDir
    private Path directory = Path.of("");

    private StandInS3 s3;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        s3 = StandInS3.start();
        TrailBuilder trail = new TrailBuilder();
        TrailBuilder.write(directory.resolve(FIRST), trail.start().stop().take());
        TrailBuilder.write(directory.resolve(SECOND), trail.start().stop().take());
        TrailBuilder.write(directory.resolve("audit.jsonl"), trail.start().take());
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private Ended archive(String... options) throws IOException {
        return run("archive: {url: \"s3://trails\", endpoint: \"" + s3.endpoint() + "\"}", options);
    }

    private Ended run(String archive, String... options) throws IOException {
        Path file = Files.writeString(
                directory.resolve("konnect-proxy.yaml"),
                "regions: [us]\ninstance: edge-1\naudit: {file: \"" + directory.resolve("audit.jsonl") + "\", "
                        + archive + "}\n");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = new String[options.length + 4];
        all[0] = "audit";
        all[1] = "archive";
        all[2] = "-c";
        all[3] = file.toString();
        System.arraycopy(options, 0, all, 4, options.length);
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), Map.of(), all);
        return new Ended(code, out.toString(), err.toString());
    }

    private long bytes(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Test
    void pushes_what_lies_there_and_shows_what_is_archived() throws Exception {
        Ended before = archive("--status");
        assertThat(before.code()).isEqualTo(1);
        assertThat(before.out())
                .isEqualTo("pending   %12d bytes  %s%npending   %12d bytes  %s%n"
                                .formatted(bytes(FIRST), FIRST, bytes(SECOND), SECOND)
                        + "2 of 2 finished files pending. Newest checkpoint in the archive: none.\n");
        assertThat(s3.requests).isEmpty();

        Ended pushed = archive("--push");
        assertThat(pushed.err()).isEmpty();
        assertThat(pushed.code()).isZero();
        assertThat(pushed.out())
                .isEqualTo("archived  %12d bytes  %s%narchived  %12d bytes  %s%n"
                                .formatted(bytes(FIRST), FIRST, bytes(SECOND), SECOND)
                        + "0 of 2 finished files pending. Newest checkpoint in the archive: none.\n");
        assertThat(s3.keys("edge-1/"))
                .hasSize(2)
                .allMatch(key -> key.matches("edge-1/[0-9a-f]{12}/00000000000[13]\\.jsonl"));

        assertThat(archive("--status").code()).isZero();
        s3.requests.clear();
        assertThat(archive("--push").out()).startsWith("0 of 2 finished files pending.");
        assertThat(s3.requests).isEmpty();
    }

    @Test
    void names_the_file_that_another_proxy_has_archived_and_pushes_the_others() throws Exception {
        archive("--push");
        String taken = s3.keys("edge-1/").get(0);
        StandInS3.Stored first = s3.objects.get(taken);
        s3.objects.clear();
        s3.objects.put(taken, StandInS3.Stored.of(first.bytes(), Map.of("x-amz-meta-last-seq", "9")));
        Files.delete(directory.resolve("audit.jsonl.archived"));

        Ended ended = archive("--push");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .contains(FIRST + "; the archive has another object " + taken + ": another proxy writes the same trail")
                .contains("archived  %12d bytes  %s".formatted(bytes(SECOND), SECOND))
                .endsWith("1 of 2 finished files pending. Newest checkpoint in the archive: none.\n");
    }

    @Test
    void a_file_that_the_store_refuses_or_that_is_damaged_is_named_and_the_others_are_pushed() throws Exception {
        Files.write(directory.resolve("audit-20261124-000000000005.jsonl.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        s3.fail("PUT", 400, "EntityTooLarge");
        Ended ended = archive("--push");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .contains(FIRST + "; the store answered 400 (EntityTooLarge)\n")
                .contains("archived  %12d bytes  %s".formatted(bytes(SECOND), SECOND))
                .contains("audit-20261124-000000000005.jsonl.gz; it cannot be read: ")
                .endsWith("2 of 3 finished files pending. Newest checkpoint in the archive: none.\n");
    }

    @Test
    void says_why_the_store_takes_nothing() throws Exception {
        s3.fail("PUT", 403, "AccessDenied");
        s3.fail("PUT", 403, "AccessDenied");
        Ended ended = archive("--push");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo("The archive s3://trails at " + s3.endpoint()
                        + " takes no objects: access is denied: the credentials need s3:PutObject on the bucket.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--status", "--push"})
    void wants_an_archive(String task) throws Exception {
        Ended ended = run("stdout: false", task);
        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err())
                .isEqualTo("There is no archive in " + directory.resolve("konnect-proxy.yaml")
                        + "; set audit.archive.url.\n");
    }
}
