package dev.bactrian.check;

/** Everything is being looked at already. */
public final class CheckRunningException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CheckRunningException() {
        super("Everything is being looked at already, because another caller asked.");
    }
}
