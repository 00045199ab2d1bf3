package dev.bactrian.testing.stores;

import dev.bactrian.testing.servers.Gate;
import dev.bactrian.testing.supabase.StorageServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong on a {@link StorageServer}: every fault must be met as often as it was scripted. */
public final class StorageFaults {

    /** In place of, or in the middle of, an answer to a request for a file. */
    public record Fault(String path, Kind kind, int status, String body, long bytes, int times, AtomicInteger met) {}

    public enum Kind {
        /** Another answer. */
        STATUS,
        /** The connection ends after so many bytes. */
        CUT,
        /** The whole answer is so many bytes too short. */
        SHORT
    }

    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<String, Runnable> before = new ConcurrentHashMap<>();
    private final Gate gate = new Gate();
    private volatile String retryAfter;

    /** The next requests for a file ({@code bucket/name}; {@code *} for any) get another answer. */
    public void answer(String path, int status, String body, int times) {
        faults.add(new Fault(path, Kind.STATUS, status, body, 0, times, new AtomicInteger()));
    }

    /** As the API says that there are too many requests. */
    public void tooMany(String path, int retryAfterSeconds, int times) {
        retryAfter = Integer.toString(retryAfterSeconds);
        answer(
                path,
                429,
                "{\"statusCode\":\"429\",\"code\":\"SlowDown\",\"error\":\"too_many_connections\","
                        + "\"message\":\"Too many connections issued to the database\"}",
                times);
    }

    /** As the API says that it has a fault of its own. */
    public void internalError(String path, int times) {
        answer(
                path,
                500,
                "{\"statusCode\":\"500\",\"code\":\"InternalError\",\"error\":\"Internal\","
                        + "\"message\":\"Internal Server Error\"}",
                times);
    }

    /** The connection ends after so many bytes of the file. */
    public void cut(String path, long bytes, int times) {
        faults.add(new Fault(path, Kind.CUT, 0, "", bytes, times, new AtomicInteger()));
    }

    /** The file is given out without its last bytes, as if it had no more. */
    public void tooShort(String path, long bytes, int times) {
        faults.add(new Fault(path, Kind.SHORT, 0, "", bytes, times, new AtomicInteger()));
    }

    /** Something that happens when a file is asked for the first time, before the answer. */
    public void before(String path, Runnable event) {
        before.put(path, event);
    }

    /** Requests for files wait until they are let through. */
    public void hold() {
        gate.close();
    }

    public void release() {
        gate.open();
    }

    public String retryAfter() {
        return retryAfter;
    }

    public Optional<Fault> meet(String path) {
        gate.pass();
        Optional.ofNullable(before.remove(path)).ifPresent(Runnable::run);
        for (Fault fault : faults) {
            if ((fault.path().equals(path) || fault.path().equals("*"))
                    && fault.met().get() < fault.times()) {
                fault.met().incrementAndGet();
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    public void requireAllMet() {
        for (Fault fault : faults) {
            boolean met = fault.times() == Integer.MAX_VALUE
                    ? fault.met().get() > 0
                    : fault.met().get() == fault.times();
            if (!met) {
                throw new AssertionError("a scripted fault didn't happen as often as scripted: " + fault);
            }
        }
        if (!before.isEmpty()) {
            throw new AssertionError("nobody asked for " + before.keySet());
        }
    }
}
