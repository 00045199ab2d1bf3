package dev.bactrian.check;

/** Everything is being looked at already. */
public final class CheckRunningException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CheckRunningException() {
        super("A check that another caller started is still running.");
    }
}
