package dev.bactrian.check;

import dev.bactrian.problem.CheckResult;
import java.util.List;
import java.util.function.Supplier;

/**
 * One thing that a backup needs.
 *
 * @param subject what is looked at, as its results name it
 * @param look looks, for as long as it takes; never throws for what is found
 */
public record Precondition(String subject, Supplier<List<CheckResult>> look) {}
