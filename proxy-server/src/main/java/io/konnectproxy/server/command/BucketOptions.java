package io.konnectproxy.server.command;

import io.konnectproxy.archive.S3Settings;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the store of an {@code s3://} URL is reached, mixed into every command that reads one. Credentials come from AWS's chain. */
final class BucketOptions {
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "The S3 store of an s3:// URL that is none of AWS's: https://HOST:PORT.")
    private Optional<URI> endpoint = Optional.empty();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The region of the bucket. Default: that of AWS's environment and profile.")
    private Optional<String> region = Optional.empty();

    S3Settings settings() {
        return new S3Settings(endpoint, region, Optional.empty(), Optional.empty());
    }
}
