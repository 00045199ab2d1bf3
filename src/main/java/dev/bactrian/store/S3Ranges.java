package dev.bactrian.store;

import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Objects and parts of them, as routes read them. */
final class S3Ranges {

    private S3Ranges() {}

    /**
     * A part whose reader may stop early. The SDK's own stream reads all that is left when it is closed, however many GB,
     * so that its connection can be used again; this one breaks the connection instead.
     */
    static InputStream endingEarly(ResponseInputStream<GetObjectResponse> part) {
        return new Part(part);
    }

    private static final class Part extends BulkFilterStream {

        private final ResponseInputStream<GetObjectResponse> part;
        private long left;

        Part(ResponseInputStream<GetObjectResponse> part) {
            super(part);
            this.part = part;
            this.left = part.response().contentLength();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            left = count < 0 ? 0 : left - count;
            return count;
        }

        @Override
        public void close() throws IOException {
            if (left > 0) {
                part.abort();
            } else {
                super.close();
            }
        }
    }
}
