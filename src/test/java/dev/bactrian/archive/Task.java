package dev.bactrian.archive;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work in a thread of its own, which a test can watch while it waits for others. */
public record Task<T>(Thread thread, FutureTask<T> task, long patienceSeconds) {

    public static <T> Task<T> start(Callable<T> work, long patienceSeconds) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return new Task<>(thread, task, patienceSeconds);
    }

    public void awaitWaiting() {
        await().pollInterval(Duration.ofMillis(1)).until(() -> thread.getState() == Thread.State.WAITING);
    }

    public T get() throws Exception {
        return task.get(patienceSeconds, TimeUnit.SECONDS);
    }
}
