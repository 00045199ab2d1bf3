package dev.bactrian.archive.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.archive.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipe between the lanes and the upload: bounded, and half an archive must never look like a whole one. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchivePipeTest {

    private static final int MORE_THAN_FITS = 100;

    private final ArchivePipe pipe = new ArchivePipe();
    private final OutputStream sink = pipe.sink();
    private final InputStream source = pipe.source();

    @Test
    void whatGoesInComesOutAndThenTheEnd() throws IOException {
        sink.write(new byte[] {1, 2, 3, 4}, 1, 2);
        sink.write(0xFF);
        sink.write(new byte[0]);
        sink.close();

        assertThat(source.readAllBytes()).containsExactly(2, 3, 0xFF);
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void anEmptyArchiveEndsCleanly() throws IOException {
        sink.close();

        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void aByteOf255IsNotTheEnd() throws IOException {
        sink.write(0xFF);
        sink.close();

        assertThat(source.read()).isEqualTo(0xFF);
        assertThat(source.read()).isEqualTo(-1);
    }

    @Test
    void aReaderOfNothingGetsNothingAndDoesNotWait() throws IOException {
        assertThat(source.read(new byte[0], 0, 0)).isZero();
    }

    /** Writers go on to use their buffers. */
    @Test
    void bytesThatChangeAfterTheyWereWrittenDoNotChangeInThePipe() throws IOException {
        byte[] buffer = {1, 2, 3};
        sink.write(buffer);
        buffer[0] = 9;
        sink.close();

        assertThat(source.readAllBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void aSlowReaderHoldsTheWriterBackInsteadOfFillingTheMemory() throws Exception {
        Task<Void> writer = start(() -> {
            for (int i = 0; i < MORE_THAN_FITS; i++) {
                sink.write(new byte[10]);
            }
            sink.close();
            return null;
        });
        writer.awaitWaiting();

        assertThat(source.readAllBytes()).hasSize(MORE_THAN_FITS * 10);
        writer.get();
    }

    @Test
    void aReaderWaitsForAWriterThatIsNotThereYet() throws Exception {
        Task<Integer> reader = start(source::read);
        reader.awaitWaiting();

        sink.write(7);

        assertThat(reader.get()).isEqualTo(7);
    }

    @Test
    void aFailureReachesAReaderThatWaits() throws InterruptedException {
        Task<Integer> reader = start(source::read);
        reader.awaitWaiting();

        pipe.fail(new IOException("pg_dump failed"));

        assertThatThrownBy(reader::get)
                .hasCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("The archive was abandoned: pg_dump failed");
    }

    @Test
    void aFailureReachesAWriterThatWaits() throws InterruptedException {
        Task<Void> writer = start(() -> {
            for (int i = 0; i < MORE_THAN_FITS; i++) {
                sink.write(1);
            }
            return null;
        });
        writer.awaitWaiting();

        pipe.fail(new IOException("S3 answered 403"));

        assertThatThrownBy(writer::get)
                .hasCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("The archive was abandoned: S3 answered 403");
        assertThatThrownBy(() -> sink.write(1)).isInstanceOf(IOException.class);
    }

    /** What was written before may not be uploaded any more: the reader must not come to an end at all. */
    @Test
    void afterAFailureNothingIsReadAndThereIsNoEnd() throws IOException {
        sink.write(1);
        pipe.fail(new IOException("x"));
        sink.close();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(source::read).isInstanceOf(IOException.class).hasMessageContaining("abandoned");
        }
    }

    @Test
    void theFirstFailureIsTheOneThatIsTold() {
        pipe.fail(new IOException("first"));
        pipe.fail(new IOException("second"));

        assertThatThrownBy(source::read).hasMessageContaining("first").hasRootCauseMessage("first");
    }

    @Test
    void aFailureAfterTheEndDoesNotUndoTheEnd() throws IOException {
        sink.write(1);
        sink.close();
        pipe.fail(new IOException("late"));

        assertThat(source.readAllBytes()).containsExactly(1);
    }

    @Test
    void aReaderThatIsInterruptedGetsNoEnd() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(source::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).as("is told to the caller").isTrue();
    }

    @Test
    void writersOfSeveralThreadsDoNotTearEachOthersChunks() throws Exception {
        int chunk = 1000;
        int chunks = 300;
        List<Task<Void>> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            byte[] bytes = new byte[chunk];
            java.util.Arrays.fill(bytes, (byte) w);
            writers.add(start(() -> {
                for (int i = 0; i < chunks; i++) {
                    sink.write(bytes);
                }
                return null;
            }));
        }
        Task<byte[]> reader = start(() -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            source.transferTo(all);
            return all.toByteArray();
        });
        for (Task<Void> writer : writers) {
            writer.get();
        }
        sink.close();

        byte[] all = reader.get();
        int[] seen = new int[4];
        for (int at = 0; at < all.length; at += chunk) {
            byte first = all[at];
            seen[first]++;
            for (int i = at; i < at + chunk; i++) {
                assertThat(all[i]).isEqualTo(first);
            }
        }
        assertThat(seen).containsOnly(chunks);
    }

    private static <T> Task<T> start(Callable<T> work) {
        return Task.start(work, 10);
    }
}
