package dev.bactrian.postgres.program;

import dev.bactrian.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The flags that each {@code exec:} step gives a PostgreSQL program by its {@code args}: those that the steps after it rely
 * on, and those that users may add. All others are refused: what isn't known here could leave out rows without an error.
 * Only full names pass: the programs also take {@code --exclude-table-d} for {@code --exclude-table-data}.
 */
public enum ProgramFlags {
    /** Definitions of a backup, in an archive of pg_dump's. */
    DEFINITIONS(List.of("--schema-only", "--format=custom"), List.of(Allowed.WAIT, Allowed.PARTS)),
    /** Definitions of a database that a restore looks at, and drops parts of: nothing may be overlooked. */
    TARGET(List.of("--schema-only", "--format=custom"), List.of(Allowed.WAIT)),
    /** Rows of tables, as text that is cut at each table. */
    ROWS(List.of("--data-only", "--quote-all-identifiers", "--strict-names"), List.of(Allowed.WAIT)),
    /** Rows that a script for psql copies: nothing but rows may be printed, and all of them. */
    COPIED_ROWS(List.of("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=on", "--set=lock_timeout="), List.of()),
    LARGE_OBJECTS(List.of("--data-only", "--format=custom", "--blobs"), List.of(Allowed.WAIT)),
    ROLES(List.of("--roles-only"), List.of(Allowed.WAIT, Set.of("--no-comments", "--no-security-labels"))),
    /** A dump of a whole schema, which nothing but pg_restore reads. */
    FORMAT_DUMP(
            List.of("--format=custom", "--strict-names"),
            List.of(Allowed.WAIT, Allowed.PARTS, Set.of("--compress=", "--no-privileges"))),
    /** One SQL script, which only psql reads. */
    FORMAT_SCRIPT(List.of(), List.of(Allowed.WAIT, Allowed.PARTS, Allowed.SCRIPT)),
    /** A script that is cut at the headers of its entries. */
    CUT_SCRIPT(List.of("--verbose"), List.of()),
    /** The large objects of an archive, as statements. */
    LARGE_OBJECT_SCRIPT(List.of("--format=custom"), List.of()),
    /** Definitions that PostgreSQL's own pg_restore puts into a scratch database. */
    RELOAD(List.of("--schema-only", "--no-subscriptions"), List.of(Allowed.PARTS));

    private static final Pattern WORD = Pattern.compile("--[a-z]+(-[a-z]+)*(=[A-Za-z0-9.:,_+=-]+)?");

    private static final Map<String, String> REQUIRED = Map.ofEntries(
            Map.entry("--blobs", "it is the flag that saves the large objects"),
            Map.entry("--data-only", "the next step reads rows, not definitions"),
            Map.entry("--format=custom", "the next step reads this format"),
            Map.entry("--no-psqlrc", "a file in the home folder could change what psql prints"),
            Map.entry("--no-subscriptions", "a scratch database would subscribe to the saved database's publisher"),
            Map.entry("--quiet", "without it, psql prints more than rows"),
            Map.entry("--quote-all-identifiers", "the next step finds each table by its quoted name"),
            Map.entry("--roles-only", "the restore of roles reads roles, not databases"),
            Map.entry("--schema-only", "the next step reads definitions, not rows"),
            Map.entry("--set=ON_ERROR_STOP=on", "without it, psql continues after an error"),
            Map.entry("--set=lock_timeout=", "it says how long psql waits for a locked table, such as 60s"),
            Map.entry("--strict-names", "without it, pg_dump skips a table that it doesn't find"),
            Map.entry("--verbose", "the next step cuts the script at the headers that it prints"));

    private final List<String> required;
    private final Set<String> allowed;

    ProgramFlags(List<String> required, List<Set<String>> allowed) {
        this.required = required;
        Set<String> all = new HashSet<>(required);
        allowed.forEach(all::addAll);
        this.allowed = Set.copyOf(all);
    }

    /** Names of flags; those that end in {@code =} take a value. */
    private static final class Allowed {
        static final Set<String> WAIT = Set.of("--lock-wait-timeout=", "--no-sync");
        /** They leave out what is no row, and only if they are asked for by name. */
        static final Set<String> PARTS = Set.of(
                "--no-comments",
                "--no-publications",
                "--no-security-labels",
                "--no-subscriptions",
                "--no-table-access-method",
                "--no-tablespaces",
                "--no-toast-compression");

        static final Set<String> SCRIPT = Set.of(
                "--clean",
                "--column-inserts",
                "--create",
                "--if-exists",
                "--inserts",
                "--no-owner",
                "--no-privileges",
                "--quote-all-identifiers",
                "--rows-per-insert=",
                "--use-set-session-authorization");
    }

    /**
     * The words of a step's {@code args}.
     *
     * @param args as the step has them; null for none
     * @throws ProblemException when a flag is missing, or isn't allowed here
     */
    List<String> words(@Nullable String args) {
        List<String> refused = refused(args);
        if (!refused.isEmpty()) {
            throw ProblemException.stopped(
                    "The args of an exec step are invalid: " + String.join(" ", refused),
                    "Edit the step in routes/, and restart.");
        }
        return split(args);
    }

    /**
     * What is wrong with a step's {@code args}, with what to do: a sentence or more for each flag.
     *
     * @param args as the step has them; null for none
     */
    List<String> refused(@Nullable String args) {
        List<String> words = split(args);
        List<String> refused = new ArrayList<>();
        for (String word : words) {
            if (!isAllowed(word)) {
                refused.add(why(word));
            }
        }
        for (String flag : required) {
            if (words.stream().noneMatch(word -> is(flag, word))) {
                refused.add(flag + " is missing: " + REQUIRED.get(flag) + ". Add it.");
            }
        }
        return refused;
    }

    private boolean isAllowed(String word) {
        return WORD.matcher(word).matches() && allowed.stream().anyMatch(flag -> is(flag, word));
    }

    private static boolean is(String flag, String word) {
        return flag.endsWith("=") ? word.startsWith(flag) && word.length() > flag.length() : word.equals(flag);
    }

    private String why(String word) {
        if (!word.startsWith("--")) {
            return word + " isn't the full name of a flag. Write --name or --name=value, without spaces or quotes in "
                    + "the value.";
        }
        String name = name(word);
        if (allowed.contains(name + "=")) {
            return word + " needs a value without spaces or quotes. Write " + name + "=value.";
        }
        if (allowed.contains(name)) {
            return word + " takes no value. Write " + name + ".";
        }
        String reason = RefusedFlags.reason(name);
        return word + " " + (reason == null ? "isn't known to keep the saved rows complete. Remove it." : reason);
    }

    private static String name(String word) {
        int end = word.indexOf('=');
        return end < 0 ? word : word.substring(0, end);
    }

    private static List<String> split(@Nullable String args) {
        return args == null || args.isBlank()
                ? List.of()
                : Arrays.asList(args.strip().split("\\s+"));
    }
}
