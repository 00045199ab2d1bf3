package dev.bactrian.http.api;

/** A request that can't be served, as the caller is told. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiProblem problem;

    public ApiException(ApiProblem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public static ApiException badRequest(String detail) {
        return new ApiException(new ApiProblem(400, "bad-request", "The request isn't valid", detail));
    }

    public static ApiException notFound(String detail) {
        return new ApiException(new ApiProblem(404, "not-found", "Not found", detail));
    }

    public ApiProblem problem() {
        return problem;
    }
}
