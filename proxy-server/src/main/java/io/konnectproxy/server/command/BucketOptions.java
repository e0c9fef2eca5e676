package io.konnectproxy.server.command;

import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.server.config.ArchiveReader;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the store of an {@code s3://} URL is reached, mixed into every command that reads one. Credentials come from AWS's chain. */
final class BucketOptions {
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            converter = EndpointUrl.class,
            description = "The S3 store of an s3:// URL that is none of AWS's: https://HOST:PORT.")
    private Optional<URI> endpoint = Optional.empty();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            converter = RegionName.class,
            description = "The region of the bucket. Default: that of AWS's environment and profile.")
    private Optional<String> region = Optional.empty();

    /** The same form as in the configuration. */
    static final class EndpointUrl implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            return read(text, ArchiveReader::endpoint);
        }
    }

    /** The same form as in the configuration. */
    static final class RegionName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return read(text, ArchiveReader::region);
        }
    }

    private static <T> T read(String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            // Not the text: it may have a password in it.
            throw new TypeConversionException("it " + e.getMessage());
        }
    }

    S3Settings settings() {
        return new S3Settings(endpoint, region, Optional.empty(), Optional.empty());
    }
}
