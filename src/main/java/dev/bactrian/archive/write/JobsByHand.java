package dev.bactrian.archive.write;

import dev.bactrian.archive.Manifest;
import dev.bactrian.selection.Relation;
import java.util.List;
import java.util.stream.Collectors;

/** The part of README.txt that keeps an archive's jobs from running before they are started. */
final class JobsByHand {

    /**
     * Where jobs are.
     *
     * @param pause makes them harmless, in one transaction with their rows where those aren't loaded yet
     */
    private record Jobs(String schema, String table, String pause) {}

    private static final List<Jobs> KNOWN = List.of(
            new Jobs(
                    "cron",
                    "job",
                    "UPDATE cron.job SET active = false, nodename = $$localhost$$,"
                            + " nodeport = current_setting($$port$$)::int,"
                            + " database = coalesce(nullif(database, @SAVED@), current_database())"),
            new Jobs("pgagent", "pga_job", "UPDATE pgagent.pga_job SET jobenabled = false, jobnextrun = NULL"),
            new Jobs("timetable", "chain", "UPDATE timetable.chain SET live = false"));

    private JobsByHand() {}

    /** Whether a table holds jobs, or what pg_cron's did in the saved database. */
    static boolean are(Manifest.TablePart table) {
        return "cron".equals(table.schema()) && "job_run_details".equals(table.name())
                || KNOWN.stream()
                        .anyMatch(jobs -> jobs.schema().equals(table.schema())
                                && jobs.table().equals(table.name()));
    }

    private static String scripts(Manifest.TablePart table) {
        return table.rowEntries().stream()
                .map(rows -> "-f " + rows.entry() + " ")
                .collect(Collectors.joining());
    }

    static String text(Manifest manifest) {
        StringBuilder commands = new StringBuilder();
        // In the shell's quotes; a name with a line break can't be, and then no job keeps another database's.
        String name = manifest.source().database();
        String saved =
                name.equals(ReadMe.oneLine(name)) ? Relation.literal(name).replace("'", "'\\''") : "database";
        for (Manifest.TablePart table : manifest.tables()) {
            for (Jobs jobs : KNOWN) {
                if (jobs.schema().equals(table.schema()) && jobs.table().equals(table.name()) && table.hasRows()) {
                    commands.append(
                                    "   psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction \"$TARGET\" ")
                            .append(table.extension() == null ? "" : scripts(table))
                            .append("-c '")
                            .append(jobs.pause().replace("@SAVED@", saved))
                            .append("'\n");
                }
            }
        }
        return commands.isEmpty()
                ? ""
                : "\n   Scheduled jobs: this loads them paused, or pauses them. Rows of cron.job name the saved "
                        + "server, port,\n   database and role, where their commands would run. No agent of pgAgent "
                        + "or pg_timetable may be\n   connected to the target before this step. Check the jobs, then "
                        + "start those that you want.\n"
                        + commands;
    }
}
