CREATE SCHEMA kinds AUTHORIZATION rt_owner;
CREATE SCHEMA "Kinds";
COMMENT ON SCHEMA kinds IS 'one of each';
GRANT USAGE ON SCHEMA kinds TO rt_reader, PUBLIC;
GRANT CREATE ON SCHEMA kinds TO rt_writer WITH GRANT OPTION;

-- Types
CREATE TYPE kinds.mood AS ENUM ('sad', 'it''s ok', 'Größer', '');
ALTER TYPE kinds.mood ADD VALUE 'between' BEFORE 'Größer';
CREATE TYPE kinds.address AS (street text COLLATE "C", zip varchar(10), geo point);
COMMENT ON COLUMN kinds.address.zip IS 'of a type''s attribute';
CREATE TYPE kinds.floatrange AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = kinds.floats);
CREATE DOMAIN kinds.email AS text COLLATE "C" DEFAULT 'a@b' CONSTRAINT "has @" CHECK (VALUE ~ '@') NOT NULL;
CREATE DOMAIN kinds.late AS int;
ALTER DOMAIN kinds.late ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
COMMENT ON DOMAIN kinds.email IS 'domain';
COMMENT ON CONSTRAINT "has @" ON DOMAIN kinds.email IS 'its constraint';
CREATE TYPE kinds.shell;
GRANT USAGE ON TYPE kinds.mood TO rt_reader;
REVOKE USAGE ON TYPE kinds.address FROM PUBLIC;
ALTER TYPE kinds.address OWNER TO rt_owner;

-- Functions
CREATE FUNCTION kinds.add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 7
    RETURN a + b;
CREATE FUNCTION kinds.atomic(INOUT x int, OUT y text) LANGUAGE sql BEGIN ATOMIC
    SELECT x + 1 AS x, 'a''b $$ -- "c"' AS y;
END;
CREATE FUNCTION kinds.odd(text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = kinds, "$user" AS $outer$
BEGIN
    -- TOC entry 1 (class 1259 OID 1)
    RETURN $_$ '"$$ \. \restrict $_$ || $1;
END
$outer$;
CREATE FUNCTION kinds.rows_of(n int) RETURNS TABLE (i int, t text) LANGUAGE sql ROWS 5 AS 'SELECT g, ''x'' FROM generate_series(1, n) g';
CREATE FUNCTION kinds.many(VARIADIC texts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT array_to_string($1, '','')';
CREATE PROCEDURE kinds.proc(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := x + 1; COMMIT; END $$;
CREATE FUNCTION kinds.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION kinds.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
COMMENT ON FUNCTION kinds.odd(text) IS E'tab\there, backslash \\, quote '', newline\nend';
REVOKE ALL ON FUNCTION kinds.odd(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kinds.odd(text) TO rt_reader WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE kinds.proc(int) TO rt_writer;
ALTER FUNCTION kinds.odd(text) OWNER TO rt_owner;

-- Aggregates, operators, casts
CREATE FUNCTION kinds.longer(text, text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN length($2) > length($1) THEN $2 ELSE $1 END;
CREATE AGGREGATE kinds.longest(text) (SFUNC = kinds.longer, STYPE = text, INITCOND = '', COMBINEFUNC = kinds.longer, PARALLEL = SAFE);
CREATE AGGREGATE kinds.pct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE kinds.longest(text) IS 'aggregate';
CREATE FUNCTION kinds.len_lt(text, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN length($1) < length($2);
CREATE FUNCTION kinds.len_gt(text, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN length($1) > length($2);
CREATE FUNCTION kinds.len_eq(text, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN length($1) = length($2);
CREATE FUNCTION kinds.len_le(text, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN length($1) <= length($2);
CREATE FUNCTION kinds.len_ge(text, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN length($1) >= length($2);
CREATE FUNCTION kinds.len_cmp(text, text) RETURNS int LANGUAGE sql IMMUTABLE RETURN length($1) - length($2);
CREATE OPERATOR kinds.<<< (LEFTARG = text, RIGHTARG = text, FUNCTION = kinds.len_lt, COMMUTATOR = OPERATOR(kinds.>>>), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR kinds.>>> (LEFTARG = text, RIGHTARG = text, FUNCTION = kinds.len_gt, COMMUTATOR = OPERATOR(kinds.<<<));
CREATE OPERATOR kinds.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = kinds.len_eq, COMMUTATOR = OPERATOR(kinds.===), HASHES, MERGES);
CREATE OPERATOR kinds.<<= (LEFTARG = text, RIGHTARG = text, FUNCTION = kinds.len_le);
CREATE OPERATOR kinds.>>= (LEFTARG = text, RIGHTARG = text, FUNCTION = kinds.len_ge);
CREATE OPERATOR kinds.!# (RIGHTARG = int, FUNCTION = pg_catalog.int4um);
COMMENT ON OPERATOR kinds.<<< (text, text) IS 'operator';
CREATE OPERATOR FAMILY kinds.by_length USING btree;
CREATE OPERATOR CLASS kinds.length_ops FOR TYPE text USING btree FAMILY kinds.by_length AS
    OPERATOR 1 kinds.<<<, OPERATOR 2 kinds.<<=, OPERATOR 3 kinds.===, OPERATOR 4 kinds.>>=, OPERATOR 5 kinds.>>>,
    FUNCTION 1 kinds.len_cmp(text, text);
COMMENT ON OPERATOR CLASS kinds.length_ops USING btree IS 'operator class';
CREATE FUNCTION kinds.mood_number(kinds.mood) RETURNS int LANGUAGE sql IMMUTABLE RETURN length($1::text);
CREATE CAST (kinds.mood AS int) WITH FUNCTION kinds.mood_number(kinds.mood) AS ASSIGNMENT;
CREATE CAST (kinds.address AS json) WITH INOUT;
COMMENT ON CAST (kinds.mood AS int) IS 'cast';
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal));

-- Collations, conversions, text search
CREATE COLLATION kinds."German phone" (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION kinds.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
COMMENT ON COLLATION kinds.nocase IS 'collation';
CREATE CONVERSION kinds.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION kinds.latin IS 'conversion';
CREATE TEXT SEARCH DICTIONARY kinds.plain (TEMPLATE = simple, STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION kinds.searching (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION kinds.searching ALTER MAPPING FOR asciiword WITH kinds.plain, german_stem;
CREATE TEXT SEARCH TEMPLATE kinds.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER kinds.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH CONFIGURATION kinds.searching IS 'configuration';
COMMENT ON TEXT SEARCH DICTIONARY kinds.plain IS 'dictionary';

-- Extensions and languages
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION pg_trgm SCHEMA ext;
COMMENT ON EXTENSION hstore IS 'commented anew';
CREATE FUNCTION kinds.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE another HANDLER kinds.handler;
COMMENT ON LANGUAGE another IS 'language';
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap2 IS 'access method';
