package dev.bactrian.http.guard;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Vert.x that Camel takes for its HTTP servers, which has no settings of its own for what these take: each that is made here has
 * {@link HttpLimits}, speaks no HTTP/2, and a {@link RequestGuard} stands before its parser.
 */
public final class GuardedVertx extends VertxWrapper {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedVertx.class);
    private static final String PARSER = "httpDecoder";
    private static final String HANDLER = "handler";
    private static final byte[] FULL = ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final long SECONDS_TO_CLOSE = 10;

    private final HttpLimits limits;

    private GuardedVertx(VertxInternal vertx, HttpLimits limits) {
        super(vertx);
        this.limits = limits;
    }

    public static GuardedVertx create() {
        return with(HttpLimits.USUAL);
    }

    static GuardedVertx with(HttpLimits limits) {
        return new GuardedVertx((VertxInternal) Vertx.vertx(), limits);
    }

    @Override
    public HttpServer createHttpServer() {
        return createHttpServer(new HttpServerOptions());
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        Connections connections = new Connections(limits);
        return super.createHttpServer(options.setHttp2ClearTextEnabled(false)
                        .setUseAlpn(false)
                        .setTcpKeepAlive(true)
                        .setMaxInitialLineLength(limits.line())
                        .setMaxHeaderSize(limits.head()))
                .connectionHandler(connection -> guard(connection, connections));
    }

    private void guard(HttpConnection connection, Connections connections) {
        Channel channel = ((ConnectionBase) connection).channel();
        if (!connections.enter(channel.remoteAddress())) {
            LOG.debug("A connection from {} was refused: there are too many connections", channel.remoteAddress());
            channel.config().setAutoRead(false);
            channel.pipeline()
                    .firstContext()
                    .writeAndFlush(Unpooled.wrappedBuffer(FULL))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        SocketAddress remote = channel.remoteAddress();
        channel.closeFuture().addListener(closed -> connections.leave(remote));
        RequestGuard guard = new RequestGuard(limits);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(PARSER, "guard", guard);
        pipeline.addBefore(HANDLER, "answers", new ResponseWatch(guard));
    }

    /** Leaves it open: two servers share it, and the first to stop must not take it from the other. */
    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    @Override
    public void close(Handler<AsyncResult<Void>> done) {
        done.handle(Future.succeededFuture());
    }

    /** Ends its threads, once both servers have stopped. */
    public void shutDown() {
        try {
            delegate.close().toCompletionStage().toCompletableFuture().get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The HTTP servers' threads did not end: {}", e.toString());
        }
    }
}
