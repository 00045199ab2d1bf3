import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Executors;

/**
 * As much of a project's Storage API as a backup asks for, with one bucket "files": every file in it is of the same bytes,
 * but for "large", which has more of them. Arguments: bytes of a file, bytes of that one. Prints its port, and ends when
 * its input does.
 */
final class FilesServer {

    private static final byte[] CHUNK = new byte[1 << 16];

    private FilesServer() {}

    public static void main(String[] args) throws Exception {
        // Head and body of an answer are written apart: without this each small one would take 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        new Random(4711).nextBytes(CHUNK);
        long small = Long.parseLong(args[0]);
        long large = Long.parseLong(args[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/storage/v1/bucket", exchange -> {
            byte[] list = "[{\"id\":\"files\",\"name\":\"files\"}]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        server.createContext("/storage/v1/object/authenticated/files/", exchange ->
                send(exchange, exchange.getRequestURI().getPath().endsWith("/large") ? large : small));
        server.start();
        System.out.println(server.getAddress().getPort());
        while (System.in.read() >= 0) {
            // Nothing is ever sent.
        }
        System.exit(0);
    }

    private static void send(HttpExchange exchange, long size) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"bench\"");
        exchange.sendResponseHeaders(200, size);
        try (OutputStream out = exchange.getResponseBody()) {
            for (long left = size; left > 0; left -= Math.min(left, CHUNK.length)) {
                out.write(CHUNK, 0, (int) Math.min(left, CHUNK.length));
            }
        }
    }
}
