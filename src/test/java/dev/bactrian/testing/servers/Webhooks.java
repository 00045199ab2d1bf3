package dev.bactrian.testing.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Where messages arrive that are sent over HTTP: every path takes them. */
public final class Webhooks implements AutoCloseable {

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();

    /** What arrived where. */
    public record Call(String path, String body) {}

    private Webhooks(HttpServer server) {
        this.server = server;
    }

    public static Webhooks start() {
        try {
            Webhooks started = new Webhooks(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0));
            started.server.createContext("/", started::take);
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean refused = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (!refused) {
            calls.add(new Call(path, body));
        }
        exchange.sendResponseHeaders(refused ? 500 : answers.getOrDefault(path, 200), -1);
        exchange.close();
    }

    /** The next calls get status 500, and aren't kept. */
    public void refuse(int times) {
        refusals.set(times);
    }

    /** Calls of a path get another status than 200. */
    public void answer(String path, int status) {
        answers.put(path, status);
    }

    /** What a path is called by from outside. */
    public String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** All that have been taken so far. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Those of one path. */
    public List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path().equals(path)).toList();
    }

    public void forget() {
        calls.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
