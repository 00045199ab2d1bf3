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

    public S3Beans(S3Settings settings) {
        this.clients = new S3Clients(settings);
        this.client = clients.patientClient();
        this.settings = settings;
        this.presigner = clients.presigner();
    }

    /** Gives each bean to a registry, under the name the route uses. */
    public void bind(BiConsumer<String, Object> registry) {
        registry.accept("s3Client", client);
        registry.accept("s3", new S3Store(settings, clients, client, presigner));
    }

    @Override
    public void close() {
        client.close();
        presigner.close();
        clients.close();
    }
}
