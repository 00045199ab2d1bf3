package dev.bactrian.backup;

/** So many requests wait already that another one is refused. */
public final class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public QueueFullException(String message) {
        super(message);
    }
}
