package dev.bactrian.restore.unpack;

import dev.bactrian.problem.Problem;
import dev.bactrian.problem.ProblemException;
import dev.bactrian.run.StoppableRun;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** One unpacking: how far it is, and what ends with it. */
public final class UnpackRun extends StoppableRun {

    private final UnpackRequest request;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long filesTotal;
    private volatile long bytesTotal;

    UnpackRun(UnpackRequest request, Path workFolder) {
        super(request.id(), workFolder);
        this.request = request;
    }

    UnpackRequest request() {
        return request;
    }

    void plan(long plannedFiles, long plannedBytes) {
        filesTotal = plannedFiles;
        bytesTotal = plannedBytes;
    }

    void moved(long count) {
        bytes.addAndGet(count);
    }

    void wrote() {
        files.incrementAndGet();
    }

    /** Files that are whole. */
    public long files() {
        return files.get();
    }

    public long filesTotal() {
        return filesTotal;
    }

    public long bytes() {
        return bytes.get();
    }

    public long bytesTotal() {
        return bytesTotal;
    }

    /** Ends it before the next portion of bytes. */
    public void cancel() {
        interrupt(new ProblemException(
                new Problem("It was stopped.", consequence(), "Start it again with another folder."), null));
    }

    String consequence() {
        return files() == 0
                ? "Nothing was written."
                : "The files written so far stay in " + request.folder() + "; each of them is intact.";
    }
}
