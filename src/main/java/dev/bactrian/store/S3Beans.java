package dev.bactrian.store;

import dev.bactrian.config.S3Settings;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What {@code routes/store/s3.camel.yaml} refers to. */
public final class S3Beans implements AutoCloseable {

    private final S3Settings settings;
    private final S3Clients clients;
    private final S3Client client;
    private final S3Presigner presigner;
    private final KeptOptions kept;

    public S3Beans(S3Settings settings) {
        this.clients = new S3Clients(settings);
        this.client = clients.patientClient();
        this.settings = settings;
        this.presigner = clients.presigner();
        this.kept = new KeptOptions(settings, client);
    }

    /** Gives each bean to a registry, under the name the route uses. */
    public void bind(BiConsumer<String, Object> registry) {
        registry.accept("s3Client", client);
        registry.accept("s3Links", new S3Links(clients, client, presigner));
        registry.accept("s3Options", kept);
        S3Upload upload = new S3Upload(clients, new RefusedOptions(settings));
        registry.accept("s3Upload", upload);
        registry.accept("s3Content", new StoredContent(settings, client, upload));
        registry.accept("s3Ranges", new S3Ranges());
        registry.accept("s3Listing", new S3Listing(client, clients.bucket()));
        registry.accept("s3Latest", new S3Latest(clients, client, kept));
        registry.accept("s3LatestManifest", new S3LatestManifest(client, clients.bucket()));
        registry.accept("s3Leftovers", new S3Leftovers(client, clients.bucket()));
    }

    @Override
    public void close() {
        client.close();
        presigner.close();
        clients.close();
    }
}
