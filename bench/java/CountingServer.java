import dev.bactrian.testing.stores.CountingS3;

/** The tests' S3 server that keeps nothing, as a process of its own. Prints its port, and for each byte of its input the largest part. */
final class CountingServer {

    private CountingServer() {}

    public static void main(String[] args) throws Exception {
        try (CountingS3 server = CountingS3.start(false)) {
            System.out.println(server.endpoint().getPort());
            while (System.in.read() >= 0) {
                System.out.println(server.object().stream()
                        .mapToLong(CountingS3.Part::size)
                        .max()
                        .orElse(0));
            }
        }
        System.exit(0);
    }
}
