package dev.bactrian.backup;

/**
 * One precondition of good backups, looked at.
 *
 * @param detail what was found; when it isn't good, with the remedy
 */
public record CheckResult(String name, boolean good, String detail) {

    public static CheckResult good(String name, String detail) {
        return new CheckResult(name, true, detail);
    }

    public static CheckResult bad(String name, Problem problem) {
        return new CheckResult(name, false, problem.cause() + " " + problem.remedy());
    }
}
