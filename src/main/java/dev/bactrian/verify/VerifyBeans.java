package dev.bactrian.verify;

import dev.bactrian.selection.NamePattern;
import java.util.List;
import java.util.function.BiConsumer;

/** What the routes name that compare what was restored with its archive. */
public final class VerifyBeans {

    private VerifyBeans() {}

    /**
     * Binds them.
     *
     * @param skippedViews materialized views that aren't filled
     * @param connections how many tables are read at once
     */
    public static void bind(BiConsumer<String, Object> registry, List<NamePattern> skippedViews, int connections) {
        registry.accept("skippedViews", new SkippedViews(skippedViews));
        registry.accept("verification", new Verification(connections));
        Verification.bind(registry);
    }
}
