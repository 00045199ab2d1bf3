package dev.bactrian.store;

import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Limits what an S3 server answers, other than objects: the SDK reads it into memory, whatever it is. A list of 1,000 keys, the
 * longest that there is, has some 1.5 MB.
 */
final class ResponseLimit implements ExecutionInterceptor {

    static final long MOST = 16L << 20;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.request() instanceof GetObjectRequest
                ? context.responseBody()
                : context.responseBody().map(Limited::new);
    }

    private static final class Limited extends BulkFilterStream {

        private long count;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(0, read);
            if (count > MOST) {
                throw new IOException("The S3 server's answer has more than " + (MOST >> 20) + " MiB");
            }
            return read;
        }
    }
}
