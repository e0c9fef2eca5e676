package io.konnectproxy.server.command;

import picocli.CommandLine.Option;

/** {@code --output text|json}, mixed into every command that has both. */
final class OutputOption {
    private enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json. Default: ${DEFAULT-VALUE}")
    private Format format = Format.TEXT;

    boolean isJson() {
        return format == Format.JSON;
    }
}
