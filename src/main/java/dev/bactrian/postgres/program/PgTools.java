package dev.bactrian.postgres.program;

import java.nio.file.Path;

/**
 * The PostgreSQL client programs of one version.
 *
 * @param version as pg_dump prints it, for example 17.6
 */
public record PgTools(Path folder, int major, String version) {

    public Path program(String name) {
        return folder.resolve(name);
    }
}
