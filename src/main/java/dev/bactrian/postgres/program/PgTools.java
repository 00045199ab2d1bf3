package dev.bactrian.postgres.program;

import dev.bactrian.problem.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The PostgreSQL client programs of one version.
 *
 * @param version as pg_dump prints it, for example 17.6
 */
public record PgTools(Path folder, int major, String version) {

    /** What to do where a program is missing that comes with pg_dump. */
    public static final String REMEDY =
            "Install it, on Debian and Ubuntu with: apt-get install postgresql-client; or set "
                    + "PG_BIN to a folder that contains both.";

    /** Whether it is there: pg_dump always is. */
    public boolean has(String name) {
        return Files.isExecutable(folder.resolve(name));
    }

    /**
     * Where a program is.
     *
     * @throws ProblemException when it isn't there
     */
    Path program(String name) {
        if (!has(name)) {
            throw ProblemException.stopped(missing(name) + ".", REMEDY);
        }
        return folder.resolve(name);
    }

    /** What to say of a program that isn't there, without a full stop. */
    public String missing(String name) {
        return name + " was not found in " + folder + ", where pg_dump is";
    }
}
