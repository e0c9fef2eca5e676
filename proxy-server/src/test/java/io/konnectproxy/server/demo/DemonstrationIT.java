package io.konnectproxy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it has its files; what it shows is held by {@code DemoIT}. */
class DemonstrationIT {
    @TempDir
    private Path parent;

    @Test
    void has_its_files_in_a_directory_whose_name_means_something_to_yaml_and_leaves_nothing() throws Exception {
        Path directory = Files.createDirectory(parent.resolve("a'b"));
        StringWriter out = new StringWriter();

        boolean proven = Demonstration.run(new PrintWriter(out), UnaryOperator.identity(), directory);

        assertThat(proven).as(out.toString()).isTrue();
        assertThat(directory).isEmptyDirectory();
    }
}
