package dev.bactrian.problem;

import org.jspecify.annotations.Nullable;

/** A failure whose cause, consequence and remedy are known. Its message never holds a secret. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.text(), cause);
        this.problem = problem;
    }

    /** A failure that ends what is being done; what that means, this says. */
    public static ProblemException stopped(String cause, String remedy) {
        return new ProblemException(new Problem(cause, remedy), null);
    }

    /** As {@link #stopped(String, String)}, with the exception that led to it. */
    public static ProblemException stopped(String cause, String remedy, Throwable because) {
        return new ProblemException(new Problem(cause, remedy), because);
    }

    public Problem problem() {
        return problem;
    }
}
