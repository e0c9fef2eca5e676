package io.konnectproxy.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A directory with the chart, and Helm's engine, which runs in this process. */
record HelmChart(Path directory) {
    static final HelmChart SHIPPED = new HelmChart(Path.of("..", "deploy", "helm", "konnect-proxy"));
    static final String RELEASE = "konnect-proxy";
    /** Without a cluster this engine takes itself for 1.20. */
    private static final String KUBERNETES = "v1.34.0";

    /** The build has Helm for one system, whose library is verified like all others; it would download any other one. */
    static void assumeHelm() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "Helm is here as a library for Linux on amd64 only");
    }

    /** What {@code helm template --skip-tests} prints. */
    RenderedChart rendered(String values) {
        return rendered(RELEASE, values);
    }

    RenderedChart rendered(String release, String values) {
        return RenderedChart.of(with(
                values,
                file -> new Helm(directory)
                        .template()
                        .withName(release)
                        .withNamespace("edge")
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call()));
    }

    /** What Helm says of these values; empty where it says nothing. */
    Optional<String> refusal(String values) {
        return refusal(RELEASE, values);
    }

    Optional<String> refusal(String release, String values) {
        try {
            rendered(release, values);
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What {@code helm install} says at the end. */
    String notes(String values) {
        String output = with(
                values,
                file -> new Helm(directory)
                        .install()
                        .withName(RELEASE)
                        .withNamespace("edge")
                        .withKubeVersion(KUBERNETES)
                        .clientOnly()
                        .dryRun()
                        .withDryRunOption(DryRun.CLIENT)
                        .withValuesFile(file)
                        .call()
                        .getOutput());
        return output.substring(output.indexOf("NOTES:\n") + "NOTES:\n".length());
    }

    LintResult lint() {
        return new Helm(directory).lint().strict().call();
    }

    /** A copy in which a text of a file is another one. */
    HelmChart changed(Path copy, String file, String from, String to) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : (Iterable<Path>) files::iterator) {
                Path there = copy.resolve(directory.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(each, there);
                }
            }
            Path changed = copy.resolve(file);
            String text = Files.readString(changed);
            if (!text.contains(from)) {
                throw new AssertionError(file + " does not have: " + from);
            }
            Files.writeString(changed, text.replace(from, to));
            return new HelmChart(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Helm only runs when it is told to test, as an object like the others. */
    HelmChart withTestsAsObjects(Path copy) {
        return changed(copy, "templates/tests/check.yaml", "helm.sh/hook", "was.helm.sh/hook");
    }

    private static <T> T with(String values, Function<Path, T> call) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                return call.apply(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
