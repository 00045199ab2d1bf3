package dev.bactrian.store;

import dev.bactrian.problem.CheckResult;
import dev.bactrian.problem.ErrorTranslators;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What {@link BucketCheck} found, with the permission that is missing where a policy is the reason. */
final class BucketResults {

    private static final int FORBIDDEN = 403;

    private final String subject;
    private final ErrorTranslators translators;
    private final List<CheckResult> results = new ArrayList<>();

    BucketResults(String subject, ErrorTranslators translators) {
        this.subject = subject;
        this.translators = translators;
    }

    List<CheckResult> all() {
        return List.copyOf(results);
    }

    void add(CheckResult result) {
        results.add(result);
    }

    void good(String name, String text) {
        results.add(CheckResult.good(subject, name, text));
    }

    /** What is done must leave no object behind, and gives the words for its success. */
    void add(String name, String permission, String need, Callable<String> check) {
        try {
            results.add(CheckResult.good(subject, name, check.call()));
        } catch (Unlike e) {
            results.add(new CheckResult(subject, name, false, String.valueOf(e.getMessage()), KeptOptions.REMEDY));
        } catch (S3Exception e) {
            denied(name, permission, need, e);
        } catch (Exception e) {
            results.add(CheckResult.bad(subject, name, translators.explain(e, subject + ": " + name)));
        }
    }

    void denied(String name, String permission, String need, S3Exception answer) {
        if (answer.statusCode() == FORBIDDEN && S3Errors.isPolicy(answer)) {
            results.add(new CheckResult(
                    subject,
                    name,
                    false,
                    S3Errors.said(answer) + ": these credentials aren't allowed to do that." + S3Errors.message(answer),
                    "Allow " + permission + " on the bucket: " + need + "."));
            return;
        }
        results.add(CheckResult.bad(subject, name, translators.explain(answer, subject + ": " + name)));
    }

    /** The server did something else than it was asked for. */
    static final class Unlike extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unlike(String text) {
            super(text);
        }
    }
}
