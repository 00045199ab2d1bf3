package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.config.S3Settings;
import dev.bactrian.problem.CheckResult;
import dev.bactrian.testing.stores.S3Gateway;
import dev.bactrian.testing.stores.S3Gateway.Request;
import dev.bactrian.testing.stores.TestStore;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies that deny one action: check finds each, and names it. */
class BucketPolicyIT {

    private static TestStore store;
    private static S3Gateway gateway;
    private static S3Settings settings;

    @BeforeAll
    static void start() {
        store = TestStore.start();
        gateway = S3Gateway.to(store);
        settings = Stores.settings(store, gateway.endpoint(), Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        store.close();
    }

    @BeforeEach
    void allowEverything() {
        gateway.refuseNothing();
    }

    private static boolean isList(Request request) {
        return "GET".equals(request.method()) && request.asks("list-type");
    }

    private static boolean isUpload(Request request) {
        return request.asks("uploads") || request.asks("uploadId");
    }

    private static boolean isObject(Request request, String method) {
        return method.equals(request.method()) && !isList(request) && !isUpload(request);
    }

    static Stream<Arguments> denials() {
        return Stream.of(
                Arguments.of(
                        "s3:PutObject", (Predicate<Request>) request -> isObject(request, "PUT"), List.of("write")),
                Arguments.of(
                        "s3:GetObject",
                        (Predicate<Request>) request -> isObject(request, "GET") || isObject(request, "HEAD"),
                        List.of("size of an object", "ranged read", "object that doesn't exist")),
                Arguments.of(
                        "s3:GetObject",
                        (Predicate<Request>) request -> isObject(request, "HEAD"),
                        List.of("size of an object")),
                // Amazon S3, GetObject: who may not list gets 403 for an object that doesn't exist.
                Arguments.of(
                        "s3:ListBucket",
                        (Predicate<Request>)
                                request -> isList(request) || request.path().endsWith("-not-there"),
                        List.of("object that doesn't exist", "list")),
                Arguments.of(
                        "s3:GetObjectTagging",
                        (Predicate<Request>) request -> request.says("x-amz-copy-source"),
                        List.of("copy")),
                Arguments.of(
                        "s3:ListBucketMultipartUploads",
                        (Predicate<Request>) request -> "GET".equals(request.method()) && request.asks("uploads"),
                        List.of("list of unfinished uploads")),
                Arguments.of(
                        "s3:AbortMultipartUpload",
                        (Predicate<Request>) request -> "DELETE".equals(request.method()) && isUpload(request),
                        List.of("end of an unfinished upload")),
                Arguments.of(
                        "s3:DeleteObject",
                        (Predicate<Request>) request -> isObject(request, "DELETE"),
                        List.of("delete")));
    }

    @ParameterizedTest
    @MethodSource("denials")
    void whatIsDeniedIsNamed(String permission, Predicate<Request> which, List<String> names) {
        gateway.refuse(which, 403, "AccessDenied", "User x is not authorized to perform that");

        List<CheckResult> failures = Stores.failures(settings);

        assertThat(failures).extracting(CheckResult::name).containsAll(names);
        assertThat(failures)
                .filteredOn(failure -> names.contains(failure.name()))
                .anySatisfy(failure -> assertThat(failure.line()).contains("S3 answered 403", "Allow", permission));
    }

    @Test
    void withAllThatIsNeededNothingFails() {
        // Nobody asks for these.
        gateway.refuse(request -> request.asks("location") || request.asks("acl"), 403, "AccessDenied", null);

        assertThat(Stores.failures(settings)).isEmpty();
        assertThat(store.keys()).isEmpty();
        assertThat(store.danglingUploads()).isEmpty();
    }

    @Test
    void aWrongKeyIsNotTakenForAPolicy() {
        S3Settings wrong = Stores.settings(store, gateway.endpoint(), Map.of("AWS_SECRET_ACCESS_KEY", "wrong"));

        assertThat(Stores.failures(wrong).get(0).line()).contains("403 SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY");
    }
}
