package io.konnectproxy.archive.s3;

import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.S3Settings.HttpProxy;
import io.konnectproxy.keys.TrustedCertificates;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the clients of the SDK, with all that is not left to its defaults. */
final class SdkClients {
    /** For a call and its retries, besides the time that its bytes need. */
    static final Duration CALL = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Between two packets. */
    private static final Duration READ = Duration.ofSeconds(20);

    /** More than trails that are read side by side, each of which keeps one. */
    private static final int CONNECTIONS = 1_100;

    /** Stores that are not AWS sign with any region, and this is what most take for theirs. */
    private static final Region OF_ENDPOINTS = Region.US_EAST_1;

    private SdkClients() {}

    static SdkHttpClient http(S3Settings settings) {
        Apache5HttpClient.Builder builder = Apache5HttpClient.builder()
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CONNECT)
                .maxConnections(CONNECTIONS)
                .socketTimeout(READ)
                .tlsSocketStrategy(tls(settings))
                .proxyConfiguration(proxy(settings.proxy()));
        return builder.build();
    }

    /** Neither the environment nor system properties name a proxy: what is not configured is not used. */
    private static ProxyConfiguration proxy(Optional<HttpProxy> configured) {
        ProxyConfiguration.Builder proxy =
                ProxyConfiguration.builder().useSystemPropertyValues(false).useEnvironmentVariableValues(false);
        configured.ifPresent(parent -> {
            proxy.endpoint(uri(parent)).preemptiveBasicAuthenticationEnabled(true);
            parent.credentials().ifPresent(secret -> {
                int colon = secret.value().indexOf(':');
                proxy.username(secret.value().substring(0, colon))
                        .password(secret.value().substring(colon + 1));
            });
        });
        return proxy.build();
    }

    private static URI uri(HttpProxy parent) {
        try {
            return new URI(parent.tls() ? "https" : "http", null, parent.host(), parent.port(), null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a proxy has a host and a port", e);
        }
    }

    /** The store and the proxy before it have each their own authorities. */
    private static TlsSocketStrategy tls(S3Settings settings) {
        TlsSocketStrategy store = new DefaultClientTlsStrategy(context(settings.trust()));
        if (settings.proxy().isEmpty()) {
            return store;
        }
        HttpProxy proxy = settings.proxy().get();
        TlsSocketStrategy parent = new DefaultClientTlsStrategy(context(proxy.trust()));
        return (socket, target, port, attachment, context) -> (target.equals(proxy.host()) && port == proxy.port()
                        ? parent
                        : store)
                .upgrade(socket, target, port, attachment, context);
    }

    private static SSLContext context(Optional<TrustedCertificates> trust) {
        try {
            return trust.isPresent() ? trust.get().clientContext() : SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    static S3Client s3(S3Settings settings, SdkHttpClient http, AwsCredentialsProvider credentials, StoreClock clock) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http)
                .credentialsProvider(credentials)
                .overrideConfiguration(override(clock))
                // Trailers with checksums are known to few stores; what is put has its own in a header.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build());
        settings.region().map(Region::of).ifPresent(builder::region);
        settings.endpoint().ifPresent(endpoint -> {
            builder.endpointOverride(endpoint).forcePathStyle(true);
            if (settings.region().isEmpty()) {
                builder.region(OF_ENDPOINTS);
            }
        });
        return builder.build();
    }

    private static ClientOverrideConfiguration override(StoreClock clock) {
        return ClientOverrideConfiguration.builder()
                .apiCallTimeout(CALL)
                // Whoever calls comes again after a while; this is for what one more try cures at once.
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(2)
                        .build())
                .addExecutionInterceptor(clock)
                .build();
    }
}
