-- Materialized views that read others by functions, or by texts, made in another order than the one in which they can be filled.
CREATE SCHEMA "Views ""V""";
SET search_path = "Views ""V""", public;
CREATE TABLE "Do c" (v tsvector);
INSERT INTO "Do c" VALUES ('a b'), ('b c');
DO $$ BEGIN
    -- Since 17 such a query finds no name without its schema when the view is made, either.
    EXECUTE 'CREATE MATERIALIZED VIEW words AS SELECT word, nentry FROM ts_stat('
        || CASE WHEN current_setting('server_version_num')::int < 170000 THEN '''SELECT v FROM "Do c"''' ELSE '''SELECT v FROM "Views ""V"""."Do c"''' END || ')';
END $$;
CREATE MATERIALIZED VIEW last AS SELECT 1 AS x;
CREATE FUNCTION of_last() RETURNS bigint LANGUAGE plpgsql AS $f$ BEGIN RETURN (SELECT sum(x) FROM "Views ""V""".last); END $f$;
CREATE MATERIALIZED VIEW middle AS SELECT "Views ""V""".of_last() AS x;
CREATE FUNCTION of_middle() RETURNS bigint LANGUAGE plpgsql AS $f$ BEGIN RETURN (SELECT sum(x) FROM "Views ""V""".middle); END $f$;
CREATE MATERIALIZED VIEW "First" AS SELECT "Views ""V""".of_middle() AS x;
CREATE UNIQUE INDEX ON "First" (x);
DROP MATERIALIZED VIEW middle;
CREATE MATERIALIZED VIEW middle AS SELECT "Views ""V""".of_last() + 1 AS x WITH NO DATA;
DROP MATERIALIZED VIEW last;
CREATE MATERIALIZED VIEW last AS SELECT 2 AS x UNION SELECT 3;
REFRESH MATERIALIZED VIEW middle;
REFRESH MATERIALIZED VIEW "First";
RESET search_path;
