import dev.bactrian.demo.FolderS3Server;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * The demo's S3 server as a process of its own, so that its work isn't taken for a contestant's. Arguments: folder, access
 * key; the secret comes in the environment. Prints its port, and ends when its input does: however the bench ends.
 */
final class S3Server {

    private S3Server() {}

    public static void main(String[] args) throws Exception {
        try (FolderS3Server server = FolderS3Server.start(
                Path.of(args[0]), 0, args[1], System.getenv("BENCH_S3_SECRET"), UnaryOperator.identity())) {
            System.out.println(server.endpoint().getPort());
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        }
        System.exit(0);
    }
}
