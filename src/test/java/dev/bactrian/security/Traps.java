package dev.bactrian.security;

import dev.bactrian.testing.servers.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a role that may only create in {@code public} can leave there for others: functions, operators, types and relations
 * of the server's own names, found first where {@code public} is in front of {@code pg_catalog}. Each writes a line into the
 * server's log when it is used, which neither a rollback nor the end of its database takes away.
 */
final class Traps {

    /** The role that laid them. */
    static final String INTRUDER = "intruder";

    private static final Pattern FIRED = Pattern.compile("trap .* has fired as ");
    /** Nothing that a shell takes for its own. */
    private static final String PREFIX = "%m,%p,%d,%a,";

    private static final String LAY =
            """
            DO $do$
            DECLARE
                f record;
            BEGIN
                FOR f IN
                    SELECT proname AS name, pg_get_function_identity_arguments(p.oid) AS given,
                           prorettype::regtype::text AS result, proretset AS several
                      FROM pg_proc p
                     WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind <> 'p' AND proargmodes IS NULL
                       AND (p.proname = ANY (%1$s))
                    UNION ALL
                    -- In place of those that take any number of anything.
                    SELECT name, array_to_string(array_fill('text'::text, ARRAY[n]), ', '), 'text', false
                      FROM unnest('{concat,concat_ws,format,jsonb_build_object,jsonb_build_array,num_nulls}'::text[]) name,
                           generate_series(1, 8) n
                LOOP
                    BEGIN
                        EXECUTE format('CREATE FUNCTION public.%%I(%%s) RETURNS %%s LANGUAGE plpgsql AS %%L', f.name, f.given,
                            CASE WHEN f.several THEN 'SETOF ' ELSE '' END || f.result,
                            format('BEGIN RAISE LOG ''trap %%s has fired as %%%%'', current_user; RETURN%%s; END', f.name,
                                   CASE WHEN f.several OR f.result = 'void' THEN '' ELSE ' NULL' END));
                    EXCEPTION WHEN OTHERS THEN
                        -- Of pseudo-types, which only functions in C take.
                        NULL;
                    END;
                END LOOP;
                FOR f IN
                    SELECT o.oprname AS name, nullif(oprleft, 0)::regtype::text AS l, oprright::regtype::text AS r,
                           oprresult::regtype::text AS result, row_number() OVER () AS n
                      FROM pg_operator o
                     WHERE oprnamespace = 'pg_catalog'::regnamespace AND (o.oprname = ANY (%1$s))
                LOOP
                    BEGIN
                        EXECUTE format('CREATE FUNCTION public.trap_operator_%%s(%%s) RETURNS %%s LANGUAGE plpgsql AS %%L', f.n,
                            concat_ws(', ', f.l, f.r), f.result,
                            format('BEGIN RAISE LOG ''trap of operator %%s(%%s, %%s) has fired as %%%%'', current_user; RETURN NULL; END',
                                   replace(f.name, '%%', '%%%%'), f.l, f.r));
                        EXECUTE format('CREATE OPERATOR public.%%s (FUNCTION = public.trap_operator_%%s, RIGHTARG = %%s%%s)',
                            f.name, f.n, f.r, ', LEFTARG = ' || f.l);
                    EXCEPTION WHEN OTHERS THEN
                        NULL;
                    END;
                END LOOP;
                CREATE FUNCTION public.trap_of_type(anyelement) RETURNS boolean LANGUAGE plpgsql AS
                    'BEGIN RAISE LOG ''trap of a type has fired as %%'', current_user; RETURN true; END';
                FOR f IN
                    SELECT typname AS name FROM pg_type
                     WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typelem = 0 AND (typname = ANY (%1$s))
                LOOP
                    EXECUTE format(
                        'CREATE DOMAIN public.%%I AS pg_catalog.%%1$I CHECK (public.trap_of_type(VALUE::pg_catalog.%%1$I))', f.name);
                END LOOP;
                FOR f IN
                    SELECT relname AS name, (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute a
                                              WHERE attrelid = c.oid AND attnum > 0 AND atttypid <> 'anyarray'::regtype) AS columns
                      FROM pg_class c
                     WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') AND relname !~ '^pg_stat' AND (relname = ANY (%1$s))
                LOOP
                    EXECUTE format('CREATE FUNCTION public.%%I() RETURNS boolean LANGUAGE plpgsql AS %%L', 'trap_of_' || f.name,
                        format('BEGIN RAISE LOG ''trap of relation %%s has fired as %%%%'', current_user; RETURN true; END', f.name));
                    EXECUTE format('CREATE VIEW public.%%I AS SELECT %%2$s FROM pg_catalog.%%1$I WHERE public.%%3$I()', f.name, f.columns,
                        'trap_of_' || f.name);
                END LOOP;
            END
            $do$""";

    private Traps() {}

    /** Settings of a server whose log shows every trap that fires, and every statement. */
    static List<String> serverSettings() {
        return List.of(
                "logging_collector", "on",
                "log_filename", "server.log",
                "log_rotation_size", "0",
                "log_statement", "all",
                "log_line_prefix", PREFIX);
    }

    /** Everything of the server's own names. */
    static void layAll(TestDatabase database) {
        lay(
                database,
                "ARRAY(SELECT proname FROM pg_proc UNION ALL SELECT oprname FROM pg_operator"
                        + " UNION ALL SELECT typname FROM pg_type UNION ALL SELECT relname FROM pg_class)");
    }

    /** Those whose names are anywhere in the product's SQL, where others have to be saved and restored, which takes its time. */
    static void layUsed(TestDatabase database) {
        lay(
                database,
                used().stream()
                        .map(name -> "'" + name.replace("'", "''") + "'")
                        .collect(Collectors.joining(", ", "ARRAY[", "]::name[]")));
    }

    private static void lay(TestDatabase database, String names) {
        database.run(
                "DO $$ BEGIN IF to_regrole('" + INTRUDER + "') IS NULL THEN CREATE ROLE " + INTRUDER
                        + "; END IF; END $$",
                "GRANT USAGE, CREATE ON SCHEMA public TO " + INTRUDER,
                "SET search_path = pg_catalog",
                "SET ROLE " + INTRUDER,
                LAY.formatted(names),
                "RESET ROLE",
                "ALTER DATABASE " + database.name() + " SET search_path = public, pg_catalog",
                "ALTER ROLE postgres IN DATABASE " + database.name() + " SET search_path = public, pg_catalog");
    }

    /** Each word and each operator that stands in a query or anywhere in the code. */
    private static Set<String> used() {
        Set<String> words = new TreeSet<>();
        Pattern word = Pattern.compile("[a-z_][a-z0-9_]*|[-+*/<>=~!@#%^&|`?]+");
        try (Stream<Path> queries = Files.walk(Path.of("sql"));
                Stream<Path> code = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    Stream.concat(queries, code).filter(Files::isRegularFile).toList()) {
                word.matcher(Files.readString(file)).results().forEach(found -> words.add(found.group()));
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of the server's log, of a statement or of a trap. */
    record Line(String process, String database, String application, String text) {

        /** Whether it isn't a session of a test, which has the driver's own name, nor one of the server. */
        boolean isOurs() {
            return !application.startsWith("PostgreSQL JDBC") && !application.equals("[unknown]");
        }

        boolean isTrap() {
            return FIRED.matcher(text).find();
        }
    }

    /** What the server has been asked so far, and which traps have fired. */
    static List<Line> log(Path data) {
        try {
            return Files.readString(data.resolve("log/server.log"), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(",", 5))
                    .filter(parts -> parts.length == 5 && parts[1].matches("\\d+"))
                    .map(parts -> new Line(parts[1], parts[2], parts[3], parts[4]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
