package io.konnectproxy.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** A named pipe, which Java cannot make. */
public final class NamedPipe {
    private NamedPipe() {}

    public static Path at(Path pipe) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }
}
