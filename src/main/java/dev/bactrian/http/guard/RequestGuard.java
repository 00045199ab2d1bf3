package dev.bactrian.http.guard;

import dev.bactrian.http.api.ApiProblem;
import dev.bactrian.http.guard.RequestScanner.Place;
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
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the parser of one connection. What isn't by the letter of HTTP, too large or too slow is answered here and ends the
 * connection; nothing of it reaches the parser, or a route. Requests are passed on one at a time: what comes after one waits, and
 * nothing more is read, until its answer has been sent. A client that asks again and again and reads nothing holds one answer, not
 * thousands. Every method runs on the connection's event loop.
 */
final class RequestGuard extends ChannelDuplexHandler {

    private final RequestScanner scanner;
    private final Deadlines deadlines;
    /** What has come and wasn't passed on yet. */
    private final Queue<ByteBuf> held = new ArrayDeque<>();

    private @Nullable ChannelHandlerContext own;
    private boolean reads = true;
    private int answered;
    private int sent;
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

    /** Whether every answer to what was passed on has left for the client. */
    boolean allSent() {
        return sent == scanner.begun();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
        deadlines.start(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadlines.stop();
        discard(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        deadlines.stop();
        discard(context);
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        held.add((ByteBuf) message);
        passOn(context);
    }

    /** Passes on what is held, up to the end of the next request whose answer isn't sent yet. */
    private void passOn(ChannelHandlerContext context) {
        while (!held.isEmpty() && refused == null && !ended && (scanner.place() == Place.BODY || allSent())) {
            boolean betweenBefore = scanner.place() == Place.BETWEEN;
            ByteBuf first = held.element();
            try {
                ByteBuf next = first.readRetainedSlice(scanner.scan(first));
                if (!first.isReadable()) {
                    held.remove().release();
                }
                deadlines.read(betweenBefore);
                context.fireChannelRead(next);
            } catch (RefusedRequestException e) {
                refuse(context, e);
            }
        }
        if (refused != null || ended) {
            discard(context);
        } else if (!held.isEmpty()) {
            reads = false;
            context.channel().config().setAutoRead(false);
        }
    }

    private void passOnNext(ChannelHandlerContext context) {
        if (!reads && !ended && context.channel().isActive()) {
            reads = true;
            // Before the next request is passed on: its route may want to read slowly.
            context.channel().config().setAutoRead(true);
            passOn(context);
            context.fireChannelReadComplete();
        }
    }

    private void discard(ChannelHandlerContext context) {
        while (!held.isEmpty()) {
            ByteBuf bytes = held.remove();
            deadlines.discarded(context, bytes.readableBytes());
            bytes.release();
        }
    }

    /** Answers with a problem in the place of the request that is being read, and hangs up. Those before it have their answers. */
    void refuse(ChannelHandlerContext context, RefusedRequestException why) {
        if (refused != null || ended) {
            return;
        }
        refused = why;
        if (scanner.place() == Place.BODY && answering) {
            // In the middle of its answer.
            context.close();
        } else {
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
    void endsAnswer(ChannelPromise whole) {
        boolean early = isEarly();
        answered++;
        answering = false;
        ChannelHandlerContext context = Objects.requireNonNull(own);
        whole.addListener(done -> {
            sent++;
            deadlines.answered();
            if (early && !ended) {
                hangUp(context, Unpooled.EMPTY_BUFFER, context.newPromise());
            } else {
                // Not from inside of the writing.
                context.executor().execute(() -> passOnNext(context));
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
