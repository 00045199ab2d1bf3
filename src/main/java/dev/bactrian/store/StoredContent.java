package dev.bactrian.store;

import dev.bactrian.archive.StoredBytes;
import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.ProblemException;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Compares what the store holds with what it was sent: a byte that changed on the way is noticed by the store only where it
 * checks the checksums that it gets, and servers exist that ignore them. Where a server tells nothing by which to compare,
 * nothing is compared; BACKUP_READ_BACK reads the archive.
 */
final class StoredContent {

    /** The id of the step that compares. */
    static final String STEP = "archives-compare";

    private final S3Settings settings;
    private final S3Client client;
    private final S3Upload upload;

    StoredContent(S3Settings settings, S3Client client, S3Upload upload) {
        this.settings = settings;
        this.client = client;
        this.upload = upload;
    }

    /**
     * Compares an archive that this process has just stored with what it has read; others are left alone.
     *
     * @param told what the store says of it
     * @throws ProblemException when they differ
     */
    void compare(HeadObjectResponse told, String key) {
        S3Upload.Sent own = upload.sent(key);
        if (own == null || told.contentLength() != own.parts().bytes()) {
            // What has another size, the next step refuses.
            return;
        }
        List<String> eTags = own.parts().eTags();
        String eTag = ETagProbe.eTag(told);
        if (!eTags.contains(eTag)) {
            // The answer itself may have come damaged.
            eTag = ETagProbe.eTag(
                    client.headObject(head -> head.bucket(settings.bucket()).key(key)));
        }
        if (!eTags.contains(eTag)) {
            compareOtherwise(key, own.parts(), eTag + " is its ETag, not " + String.join(" or ", eTags));
        }
        own.run().getEvidence().done(STEP);
    }

    private void compareOtherwise(String key, SentParts parts, String difference) {
        List<String> expected = parts.checksums();
        String checksum = ETagProbe.checksum(client, settings.bucket(), key);
        if (checksum != null) {
            if (!expected.contains(checksum)) {
                throw StoredBytes.differ(key, checksum + " is its CRC32, not " + String.join(" or ", expected));
            }
            return;
        }
        if (parts.eTags().isEmpty()) {
            // Of what was copied the server has told no MD5.
            return;
        }
        ETagProbe.Means means;
        try {
            means = new ETagProbe(client, settings.bucket(), settings.prefix()).find();
        } catch (IllegalStateException e) {
            throw StoredBytes.differ(key, "of another object, too, " + e.getMessage());
        }
        if (means == ETagProbe.Means.ETAG) {
            throw StoredBytes.differ(key, difference);
        }
    }
}
