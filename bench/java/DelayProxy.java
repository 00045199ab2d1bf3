import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A path to a server on this machine that takes time but has no less bandwidth: what arrives is queued with the instant at
 * which it may go on. Arguments: the server's port, milliseconds each way. Prints its port, answers each byte of its input
 * with a line that says how many bytes the server has sent, and ends when its input does.
 */
final class DelayProxy {

    private static final int CHUNK = 1 << 18;

    /** What may be under way in one direction: at 10 ms it limits nothing below 6 GB/s. */
    private static final int UNDER_WAY = 1 << 26;

    private static final LongAdder SENT = new LongAdder();

    private record Piece(byte[] bytes, long due) {}

    private DelayProxy() {}

    public static void main(String[] args) throws Exception {
        int target = Integer.parseInt(args[0]);
        long delay = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[1]));
        ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start(() -> accept(listener, target, delay));
        System.out.println(listener.getLocalPort());
        while (System.in.read() >= 0) {
            System.out.println(SENT.sum());
        }
        System.exit(0);
    }

    private static void accept(ServerSocket listener, int target, long delay) {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                connect(client, server, delay, new LongAdder());
                connect(server, client, delay, SENT);
            }
        } catch (IOException e) {
            System.err.println("No more connections are taken: " + e);
            System.exit(1);
        }
    }

    private static void connect(Socket from, Socket to, long delay, LongAdder sum) {
        LinkedBlockingQueue<Piece> queue = new LinkedBlockingQueue<>();
        Semaphore room = new Semaphore(UNDER_WAY);
        start(() -> read(from, queue, room, delay, sum));
        start(() -> write(to, queue, room));
    }

    private static void read(Socket from, LinkedBlockingQueue<Piece> queue, Semaphore room, long delay, LongAdder sum) {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sum.add(count);
                long due = System.nanoTime() + delay;
                room.acquireUninterruptibly(count);
                queue.add(new Piece(Arrays.copyOf(buffer, count), due));
            }
        } catch (IOException e) {
            // A broken connection ends like one that was closed.
        }
        queue.add(new Piece(new byte[0], System.nanoTime() + delay));
    }

    private static void write(Socket to, LinkedBlockingQueue<Piece> queue, Semaphore room) {
        try (to) {
            OutputStream out = to.getOutputStream();
            for (Piece piece = queue.take(); piece.bytes.length > 0; piece = queue.take()) {
                waitUntil(piece.due);
                out.write(piece.bytes);
                room.release(piece.bytes.length);
            }
        } catch (IOException e) {
            room.release(UNDER_WAY); // the reader may be waiting for room, and shall see the closed connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }
}
