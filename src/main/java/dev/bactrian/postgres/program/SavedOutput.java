package dev.bactrian.postgres.program;

import dev.bactrian.problem.LeftOutStep;
import dev.bactrian.support.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A program's output, for the one step that saves it. Routes can be edited: another reader, before or at the same time, would
 * take a part of it away, and what is left could look like all of it.
 */
public final class SavedOutput extends BulkInputStream {

    private final LiveOutput output;

    private SavedOutput(LiveOutput output) {
        this.output = output;
    }

    /**
     * Takes the output for this step alone.
     *
     * @param step its id
     * @throws dev.bactrian.problem.ProblemException unless the body is a program's output, of which nothing was read
     */
    public static InputStream of(Object body, String step) {
        if (body instanceof LiveOutput output && output.claim()) {
            return new SavedOutput(output);
        }
        throw LeftOutStep.edited("read or change what a program prints before " + step
                + " gets it, so that only the rest of it would be saved");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return output.take(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
