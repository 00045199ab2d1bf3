package dev.bactrian.testing.stores;

import dev.bactrian.config.S3ObjectSettings;
import dev.bactrian.config.S3Settings;
import dev.bactrian.demo.FolderS3Server;
import dev.bactrian.store.S3Clients;
import dev.bactrian.testing.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of its own on a real S3 server, whose faults a test can script. */
public final class TestStore implements AutoCloseable {

    public static final String KEY_ID = "test-key";
    public static final String SECRET = "test-secret-of-the-store";
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Path folder;
    private final FaultyBlobStore.Script script = new FaultyBlobStore.Script();
    private final String bucket = "bucket-" + COUNTER.incrementAndGet();
    private final FolderS3Server server;
    private final S3Client client;

    private TestStore(int port) {
        try {
            this.folder = TemporaryFiles.folder("bactrian-s3");
            FolderS3Server.createBucket(folder, bucket);
            this.server =
                    FolderS3Server.start(folder, port, KEY_ID, SECRET, store -> new FaultyBlobStore(store, script));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        this.client = new S3Clients(new S3Settings(
                        bucket,
                        "backups",
                        "us-east-1",
                        endpoint(),
                        true,
                        false,
                        S3ObjectSettings.PLAIN,
                        true,
                        KEY_ID,
                        SECRET))
                .client();
    }

    public static TestStore start() {
        return new TestStore(0);
    }

    public URI endpoint() {
        return server.endpoint();
    }

    public String bucket() {
        return bucket;
    }

    /** Faults to come; {@link #close} fails unless every one of them has happened. */
    public FaultyBlobStore.Script faults() {
        return script;
    }

    /** The settings that make Bactrian store here. */
    public Map<String, String> settings() {
        return Map.of(
                // Many databases of tests look like Supabase's, whose files nobody gives out there.
                "BACKUP_STORAGE",
                "false",
                "S3_BUCKET",
                bucket,
                "S3_ENDPOINT",
                endpoint().toString(),
                "S3_PATH_STYLE",
                "true",
                "AWS_ACCESS_KEY_ID",
                KEY_ID,
                "AWS_SECRET_ACCESS_KEY",
                SECRET);
    }

    public List<String> keys() {
        return client.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Keys of uploads that were begun and neither completed nor aborted. */
    public List<String> danglingUploads() {
        return client.listMultipartUploads(list -> list.bucket(bucket)).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    /** An object's text. */
    public String text(String key) {
        return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
    }

    /** An object as a local file. */
    public Path download(String key) {
        try {
            Path file = TemporaryFiles.file("archive", ".zip");
            Files.delete(file);
            client.getObject(get -> get.bucket(bucket).key(key), file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the store calls an object's content. */
    public String eTag(String key) {
        return client.headObject(head -> head.bucket(bucket).key(key)).eTag();
    }

    /** Puts something else in an object's place. */
    public void put(String key, byte[] content) {
        client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }

    /** Makes another bucket beside its own. */
    public void createBucket(String name) {
        client.createBucket(create -> create.bucket(name));
    }

    /** An object of any bucket, with what the store knows of it. */
    public ResponseBytes<GetObjectResponse> get(String of, String key) {
        return client.getObjectAsBytes(get -> get.bucket(of).key(key));
    }

    public void delete(String key) {
        client.deleteObject(delete -> delete.bucket(bucket).key(key));
    }

    /** Stops the server and leaves its data. */
    public void stop() {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        stop();
        script.requireMet();
    }
}
