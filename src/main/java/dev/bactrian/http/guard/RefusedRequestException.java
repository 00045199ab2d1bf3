package dev.bactrian.http.guard;

import dev.bactrian.http.api.ApiProblem;

/** A request that isn't passed on. */
final class RefusedRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;

    private final transient ApiProblem problem;

    RefusedRequestException(ApiProblem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /**
     * One that isn't as RFC 9112 has it, or that readers of HTTP are known to take in different ways.
     *
     * @param detail what is wrong, as one or more sentences
     */
    static RefusedRequestException malformed(String detail) {
        return new RefusedRequestException(
                new ApiProblem(BAD_REQUEST, "bad-request", "The request isn't valid", detail));
    }

    static RefusedRequestException of(int status, String code, String title, String detail) {
        return new RefusedRequestException(new ApiProblem(status, code, title, detail));
    }

    ApiProblem problem() {
        return problem;
    }
}
