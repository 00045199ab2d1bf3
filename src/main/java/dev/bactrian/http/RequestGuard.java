package dev.bactrian.http;

import dev.bactrian.http.RequestScanner.Place;
import dev.bactrian.web.ApiProblem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the parser of one connection. What isn't by the letter of HTTP, too large or too slow is answered here and ends the
 * connection; nothing of it reaches the parser, or a route. Every method runs on the connection's event loop.
 */
final class RequestGuard extends ChannelDuplexHandler {

    private final RequestScanner scanner;
    private final Deadlines deadlines;
    private @Nullable ChannelHandlerContext own;
    private int answered;
    private boolean answering;
    private boolean ended;
    private @Nullable RefusedRequestException refused;

    RequestGuard(HttpLimits limits) {
        this.scanner = new RequestScanner(limits);
        this.deadlines = new Deadlines(limits, this);
    }

    RequestScanner scanner() {
        return scanner;
    }

    /** Whether every request that was passed on has its whole answer. */
    boolean allAnswered() {
        return answered == scanner.begun();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
        deadlines.start(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadlines.stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        deadlines.stop();
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (refused != null || ended) {
            deadlines.discarded(context, bytes.readableBytes());
            bytes.release();
            return;
        }
        boolean betweenBefore = scanner.place() == Place.BETWEEN;
        try {
            scanner.scan(bytes);
            deadlines.read(betweenBefore);
            context.fireChannelRead(bytes);
        } catch (RefusedRequestException e) {
            // What was right before it on the same connection gets its answer.
            if (scanner.whole() > 0) {
                context.fireChannelRead(bytes.readRetainedSlice(scanner.whole()));
            }
            bytes.release();
            refuse(context, e);
        }
    }

    /** Answers with a problem in the place of the request that is being read, once the others are answered, and hangs up. */
    void refuse(ChannelHandlerContext context, RefusedRequestException why) {
        if (refused != null || ended) {
            return;
        }
        refused = why;
        boolean passedOn = scanner.place() == Place.BODY;
        int before = scanner.begun() - answered - (passedOn ? 1 : 0);
        if (passedOn && (before > 0 || answering)) {
            // In the middle of another answer, or of its own.
            context.close();
        } else if (before <= 0) {
            answer(context, why.problem());
        }
    }

    private void answer(ChannelHandlerContext context, ApiProblem problem) {
        byte[] body = problem.json().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + HttpResponseStatus.valueOf(problem.status()) + "\r\nContent-Type: "
                + ApiProblem.CONTENT_TYPE + "\r\nContent-Length: " + body.length
                + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
        hangUp(context, Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body), context.newPromise());
    }

    /** Says the last, and lets the client read it: to close at once, while it still sends, would take that from it. */
    private void hangUp(ChannelHandlerContext context, ByteBuf last, ChannelPromise closed) {
        ended = true;
        context.channel().closeFuture().addListener(done -> closed.trySuccess());
        context.writeAndFlush(last).addListener((ChannelFutureListener) sent -> {
            if (sent.isSuccess() && sent.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                duplex.config().setAutoRead(true);
                deadlines.linger();
            } else {
                context.close();
            }
        });
    }

    /** Notes that an answer begins; one that comes before its request's end is the connection's last. */
    boolean beginsEarly() {
        answering = true;
        return isEarly();
    }

    private boolean isEarly() {
        return scanner.place() == Place.BODY && answered == scanner.begun() - 1;
    }

    /** Notes that an answer has been handed on whole. */
    void endsAnswer(ChannelPromise sent) {
        boolean early = isEarly();
        answered++;
        answering = false;
        deadlines.answered();
        ChannelHandlerContext context = Objects.requireNonNull(own);
        sent.addListener(done -> {
            if (early && !ended) {
                hangUp(context, Unpooled.EMPTY_BUFFER, context.newPromise());
            } else if (refused != null && !ended && allAnswered()) {
                answer(context, refused.problem());
            }
        });
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (ended) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else {
            context.write(message, promise);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (ended && context.channel().isActive()) {
            context.channel().closeFuture().addListener(done -> promise.trySuccess());
        } else if (scanner.place() == Place.BODY && context.channel().isActive() && !ended) {
            hangUp(context, Unpooled.EMPTY_BUFFER, promise);
        } else {
            context.close(promise);
        }
    }
}
