package dev.bactrian.store;

import dev.bactrian.config.S3Limits;
import dev.bactrian.config.S3Settings;
import dev.bactrian.run.StoppableRun;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3BaseClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the SDK's clients from the settings. Whoever asks for one closes it; closing this ends what uploads share. */
public final class S3Clients implements AutoCloseable {

    private static final int THREADS = 2;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final S3Settings settings;
    private final ServerClock clock = new ServerClock();
    private @Nullable EventLoopGroup threads;
    private @Nullable SdkAsyncHttpClient connections;

    public S3Clients(S3Settings settings) {
        this.settings = settings;
    }

    public String bucket() {
        return settings.bucket();
    }

    String prefix() {
        return settings.prefix();
    }

    String region() {
        return settings.region();
    }

    S3Limits limits() {
        return settings.limits();
    }

    /** Whether requests carry checksums that the protocol doesn't demand. */
    boolean sendsChecksums() {
        return !settings.checksumsWhenRequired();
    }

    /** The server's clock, as answers to these clients have shown it. */
    ServerClock clock() {
        return clock;
    }

    /** For questions whose answer is wanted now: throttled as anything else, it fails soon. */
    public S3Client client() {
        return client(null);
    }

    /** For everything but the archive itself; patient where the server throttles. */
    S3Client patientClient() {
        return client(new Throttling(Throttling.OF_RUNS, Throttling.OTHERWISE));
    }

    S3Client client(@Nullable RetryStrategy retries) {
        return configure(S3Client.builder(), retries)
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(IDLE)
                        .tlsTrustManagersProvider(() -> ServerTrust.with(settings.authorities())))
                .build();
    }

    /**
     * For uploads and copies in parts.
     *
     * @param run that stores, and is patient where the server throttles; null for none
     * @param begun counts the uploads that it begins
     */
    S3AsyncClient uploader(@Nullable StoppableRun run, BegunUploads begun) {
        return configure(S3AsyncClient.builder(), run == null ? null : new Throttling(run), begun)
                .httpClient(connections())
                .build();
    }

    /** One for all uploads, with threads of our own: the client would wait two quiet seconds for its own to end. */
    private synchronized SdkAsyncHttpClient connections() {
        SdkAsyncHttpClient open = connections;
        if (open == null) {
            threads = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("s3-upload", true));
            open = NettyNioAsyncHttpClient.builder()
                    .eventLoopGroup(SdkEventLoopGroup.create(threads))
                    .connectionTimeout(CONNECT)
                    .readTimeout(IDLE)
                    .writeTimeout(IDLE)
                    .tlsTrustManagersProvider(() -> ServerTrust.with(settings.authorities()))
                    .build();
            connections = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (connections != null) {
            connections.close();
            connections = null;
        }
        if (threads != null) {
            threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            threads = null;
        }
    }

    /** For signed download links. */
    S3Presigner presigner() {
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials())
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyle())
                        .build());
        URI shown = settings.publicEndpoint() == null ? settings.endpoint() : settings.publicEndpoint();
        if (shown != null) {
            builder.endpointOverride(shown);
        }
        return builder.build();
    }

    private <B extends S3BaseClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configure(
            B builder, @Nullable RetryStrategy retries, ExecutionInterceptor... interceptors) {
        builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials())
                .forcePathStyle(settings.pathStyle());
        if (settings.checksumsWhenRequired()) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        builder.overrideConfiguration(override -> {
            override.addExecutionInterceptor(new ObjectOptions(settings.objects()))
                    .addExecutionInterceptor(new ResponseLimit())
                    .addExecutionInterceptor(clock);
            List.of(interceptors).forEach(override::addExecutionInterceptor);
            if (retries != null) {
                override.retryStrategy(retries);
            }
        });
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return builder;
    }

    AwsCredentialsProvider credentials() {
        return settings.accessKeyId() == null || settings.secretAccessKey() == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKeyId(), settings.secretAccessKey()));
    }
}
