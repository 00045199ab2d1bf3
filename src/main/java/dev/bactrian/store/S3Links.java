package dev.bactrian.store;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Signed links for downloads, at the address that callers reach. Where this machine's clock and the server's are apart, a link
 * is valid by both: the time may come from a gateway whose clock isn't the store's.
 */
final class S3Links {

    /** A link's time is exact to the second, and the way to the server takes some. */
    private static final Duration SAME_TIME = Duration.ofSeconds(30);

    /** Further apart, this machine's clock isn't believed at all. */
    private static final Duration BELIEVED = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final S3Clients clients;
    private final S3Client client;
    private final S3Presigner presigner;

    S3Links(S3Clients clients, S3Client client, S3Presigner presigner) {
        this.clients = clients;
        this.client = client;
        this.presigner = presigner;
    }

    /** A link to an object that works without a key for so many seconds. */
    String sign(String key, long seconds) {
        readClock(key);
        Duration lifetime = Duration.ofSeconds(seconds);
        SdkHttpRequest link = presigner
                .presignGetObject(sign -> sign.signatureDuration(lifetime)
                        .getObjectRequest(get -> get.bucket(clients.bucket()).key(key)))
                .httpRequest();
        Duration offset = clients.clock().offset();
        if (offset != null && offset.abs().compareTo(SAME_TIME) > 0) {
            boolean believed = offset.abs().compareTo(BELIEVED) <= 0;
            Clock begin =
                    believed && !offset.isNegative() ? Clock.systemUTC() : Clock.offset(Clock.systemUTC(), offset);
            link = signAgain(link, believed ? lifetime.plus(offset.abs()) : lifetime, begin);
        }
        return link.getUri().toString();
    }

    /** Any answer tells the time. Without one, the link is signed by what is known. */
    private void readClock(String key) {
        try {
            client.headObject(head -> head.bucket(clients.bucket())
                    .key(key)
                    .overrideConfiguration(override -> override.apiCallTimeout(PATIENCE)));
        } catch (SdkException e) {
            // Whether the object is there is for the one who opens the link to see.
        }
    }

    /** The presigner knows this machine's clock alone. */
    private SdkHttpRequest signAgain(SdkHttpRequest link, Duration lifetime, Clock clock) {
        Set<String> signature = link.rawQueryParameters().keySet().stream()
                .filter(name -> name.startsWith("X-Amz-"))
                .collect(Collectors.toSet());
        SdkHttpRequest.Builder plain = link.toBuilder();
        signature.forEach(plain::removeQueryParameter);
        return AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(
                                clients.credentials().resolveIdentity().join())
                        .request(plain.build())
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, clients.region())
                        .putProperty(
                                AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, lifetime)
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
    }
}
