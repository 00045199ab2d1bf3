package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What servers say on HEAD, beside what was asked for: values as in Amazon's API reference. */
class KeptOptionsTest {

    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static List<String> ignored(S3ObjectSettings asked, URI endpoint, HeadObjectResponse told) {
        S3Settings settings =
                new S3Settings("bucket", "backups", "eu-central-1", endpoint, true, false, asked, true, "id", "secret");
        try (S3Clients clients = new S3Clients(settings);
                S3Client client = clients.client()) {
            return new KeptOptions(settings, client).ignored(told);
        }
    }

    @ParameterizedTest
    @CsvSource({
        ARN + ",true",
        "1234abcd-12ab-34cd-56ef-1234567890ab,true",
        "alias/backups,true",
        "arn:aws:kms:eu-central-1:111122223333:alias/backups,true",
        "9999abcd-12ab-34cd-56ef-1234567890ab,false",
        "arn:aws:kms:eu-central-1:111122223333:key/9999abcd-12ab-34cd-56ef-1234567890ab,false"
    })
    void aKeyIsComparedInEachOfItsForms(String asked, boolean same) {
        S3ObjectSettings settings = new S3ObjectSettings(null, "aws:kms", asked, Map.of());
        HeadObjectResponse told = HeadObjectResponse.builder()
                .serverSideEncryption("aws:kms")
                .ssekmsKeyId(ARN)
                .build();

        assertThat(ignored(settings, null, told).isEmpty()).isEqualTo(same);
    }

    @Test
    void anotherEncryptionIsNotTheOneAskedFor() {
        S3ObjectSettings settings = new S3ObjectSettings(null, "aws:kms", null, Map.of());

        assertThat(ignored(
                        settings,
                        null,
                        HeadObjectResponse.builder()
                                .serverSideEncryption("AES256")
                                .build()))
                .containsExactly("S3_SSE is aws:kms, but the server reports AES256");
    }

    @Test
    void aClassThatAmazonDoesNotNameIsTheStandard() {
        S3ObjectSettings settings = new S3ObjectSettings("STANDARD_IA", null, null, Map.of());
        HeadObjectResponse silent = HeadObjectResponse.builder().build();
        HeadObjectResponse other =
                HeadObjectResponse.builder().storageClass("STANDARD").build();
        URI elsewhere = URI.create("http://127.0.0.1:1");

        assertThat(ignored(settings, null, silent))
                .containsExactly("S3_STORAGE_CLASS is STANDARD_IA, but the server reports STANDARD");
        assertThat(ignored(settings, elsewhere, silent))
                .as("other servers name none")
                .isEmpty();
        assertThat(ignored(settings, elsewhere, other)).hasSize(1);
    }
}
