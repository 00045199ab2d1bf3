package dev.bactrian.backup;

/** A dispatch id that has asked for something else before. */
public final class OtherRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OtherRequestException(String message) {
        super(message);
    }
}
