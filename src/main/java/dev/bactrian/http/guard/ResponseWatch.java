package dev.bactrian.http.guard;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Tells the guard of a connection when answers begin and end. */
final class ResponseWatch extends ChannelOutboundHandlerAdapter {

    private final RequestGuard guard;

    ResponseWatch(RequestGuard guard) {
        this.guard = guard;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (interim) {
            context.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse response && guard.beginsEarly()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (message instanceof LastHttpContent) {
            ChannelPromise sent = promise.unvoid();
            context.write(message, sent);
            guard.endsAnswer(sent);
        } else {
            context.write(message, promise);
        }
    }
}
