package dev.bactrian.store;

import dev.bactrian.run.StoppableRun;
import dev.bactrian.run.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the parts of one upload wait: a folder of its own in the run's, which goes with it. */
record PartFolder(Path path) implements AutoCloseable {

    /** In the system's folder for temporary files where there is no run. */
    static PartFolder of(@Nullable StoppableRun run) throws IOException {
        return new PartFolder(
                run == null
                        ? Files.createTempDirectory("bactrian-upload-")
                        : Files.createTempDirectory(run.getFolder(), "upload-"));
    }

    @Override
    public void close() throws IOException {
        WorkFolder.delete(path);
    }
}
