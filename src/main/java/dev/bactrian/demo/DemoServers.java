package dev.bactrian.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.UnaryOperator;

/**
 * The demonstration's servers, with their data in one folder: PostgreSQL with the sample database, and S3 with the bucket
 * for archives and those of the sample's files. What they hold stays for the next start.
 */
public final class DemoServers implements AutoCloseable {

    /** The sample database. */
    public static final String SAMPLE = "shop";
    /** Bactrian's own tables: apart from the sample, so that a backup of it holds only the sample. */
    public static final String CONTROL = "bactrian";

    public static final String BUCKET = "bactrian-demo";
    public static final String ACCESS_KEY_ID = "demo";

    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final FolderS3Server s3;

    private DemoServers(Path folder, EmbeddedPostgres postgres, FolderS3Server s3) {
        this.folder = folder;
        this.postgres = postgres;
        this.s3 = s3;
    }

    /** Whether they are among the libraries: an image of the service is made without them. */
    public static boolean areHere() {
        try {
            Class.forName("org.gaul.s3proxy.S3Proxy", false, DemoServers.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Starts both servers on the loopback address, and loads the sample where it isn't there yet.
     *
     * @param secretAccessKey for S3, whose key id is {@link #ACCESS_KEY_ID}
     */
    public static DemoServers start(Path folder, int postgresPort, int s3Port, String secretAccessKey)
            throws Exception {
        Files.createDirectories(folder);
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setOverrideWorkingDirectory(folder.resolve("postgres-binaries").toFile())
                .setCleanDataDirectory(false)
                // Whoever started it stops it, after the backups that still read from it.
                .setRegisterShutdownHook(false)
                .setServerConfig("max_connections", "60")
                .setPort(postgresPort)
                .start();
        try {
            loadSample(postgres);
            makeFiles(postgres, folder);
            FolderS3Server.createBucket(folder.resolve("s3"), BUCKET);
            FolderS3Server s3 = FolderS3Server.start(
                    folder.resolve("s3"), s3Port, ACCESS_KEY_ID, secretAccessKey, UnaryOperator.identity());
            return new DemoServers(folder, postgres, s3);
        } catch (Exception e) {
            postgres.close();
            throw e;
        }
    }

    /** Under another name until it is whole: an interrupted start must not leave half a sample. */
    private static void loadSample(EmbeddedPostgres postgres) throws SQLException, IOException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, CONTROL)) {
                statement.execute("CREATE DATABASE " + CONTROL);
            }
            if (exists(statement, SAMPLE)) {
                return;
            }
            statement.execute("DROP DATABASE IF EXISTS sample_loading");
            statement.execute("CREATE DATABASE sample_loading TEMPLATE template0 ENCODING 'UTF8'");
        }
        SampleDatabase.load(postgres.getDatabase("postgres", "sample_loading"));
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE sample_loading RENAME TO " + SAMPLE);
        }
    }

    /** Once; a folder of an older demonstration gets them, too. */
    private static void makeFiles(EmbeddedPostgres postgres, Path folder) throws SQLException, IOException {
        Path made = folder.resolve("files-made");
        if (!Files.exists(made)) {
            SampleFiles.make(postgres.getDatabase("postgres", SAMPLE), folder.resolve("s3"));
            Files.createFile(made);
        }
    }

    private static boolean exists(Statement statement, String database) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
            return found.next();
        }
    }

    /** Connection URI of one of its databases; no password is needed on the loopback address. */
    public String url(String database) {
        return "postgresql://postgres:demo@127.0.0.1:" + postgres.getPort() + "/" + database;
    }

    public String s3Endpoint() {
        return s3.endpoint().toString();
    }

    /** Where archives lie as files. */
    public Path bucketFolder() {
        return folder.resolve("s3").resolve(BUCKET);
    }

    @Override
    public void close() throws Exception {
        try (postgres) {
            s3.close();
        }
    }
}
