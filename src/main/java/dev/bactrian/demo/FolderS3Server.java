package dev.bactrian.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 server in this process that keeps its buckets as folders (S3Proxy). */
public final class FolderS3Server implements AutoCloseable {

    private static final int MOST_SKEW_SECONDS = 7200;

    private final S3Proxy server;

    private FolderS3Server(S3Proxy server) {
        this.server = server;
    }

    /**
     * Starts the server on the loopback address.
     *
     * @param port 0 for any free one
     * @param middleware what stands between the protocol and the folder
     */
    public static FolderS3Server start(
            Path folder, int port, String accessKeyId, String secretAccessKey, UnaryOperator<BlobStore> middleware)
            throws Exception {
        Files.createDirectories(folder);
        S3Proxy server = S3Proxy.builder()
                .blobStore(middleware.apply(new FilesystemNio2BlobStore(folder.toString())))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKeyId, secretAccessKey)
                // The SDK's upload in parts sends x-amz-mp-object-size, which S3Proxy doesn't know.
                .ignoreUnknownHeaders(true)
                // Clients are on this machine, whose clock it is; what stands between may have another.
                .maximumTimeSkew(MOST_SKEW_SECONDS)
                .build();
        server.start();
        return new FolderS3Server(server);
    }

    /** Makes a bucket in the folder of a server, running or not. */
    public static void createBucket(Path folder, String bucket) throws IOException {
        Files.createDirectories(folder.resolve(bucket));
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
