-- Names that PostgreSQL allows, each for a schema, a table, and all that a table can have.
CREATE TEMP TABLE odd AS SELECT n, name FROM unnest(ARRAY[
    'a"quote', 'it''s', 'dot.ted', 'a space', ' leading and trailing ', 'sla/sh', '../climbs', '.hidden', '..', '.', E'new\nline', E'tab\there', E'cr\rhere',
    '--dashes', '-T', '--exclude-table=*', '$(id)', '`id`', '$HOME', '${X:-y}', 'back\slash', '\', '\.', '%s', '%41', 'Größe', '日本語', '😀', repeat('x', 63), repeat('é', 31) || 'z',
    'Case', 'case', 'CASE', 'select', 'table', 'user', 'default', '*', '?', '[a-z]', '(a|b)', '+', '^$', ';DROP TABLE x;', '/* c */', '$$', '$a$', '#', '@', '&', '|', '<>', '=', '!', '~', '{}', ',', ':x', E'\x01', '0', '1e5', 'null',
    'pg_x', 'CON', 'aux.txt', E'a\n-- TOC entry 1 (class 1259 OID 1)', 'ends with \', 'x"y''z.$(w) \%-']) WITH ORDINALITY AS t (name, n) WHERE name !~ '^pg_';
SELECT format('CREATE SCHEMA %I', name) FROM odd WHERE n % 4 = 0 \gexec
CREATE SCHEMA names;
SELECT format($f$
    CREATE TABLE %1$I.%2$I (%2$I text CONSTRAINT %3$I CHECK (%2$I <> %4$L), %5$I int PRIMARY KEY);
    CREATE INDEX %5$I ON %1$I.%2$I (%2$I);
    CREATE SEQUENCE %1$I.%6$I OWNED BY %1$I.%2$I.%5$I;
    CREATE FUNCTION %1$I.%2$I(%2$I int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TRIGGER %2$I BEFORE INSERT ON %1$I.%2$I FOR EACH ROW WHEN (NEW.%5$I > 0) EXECUTE FUNCTION kinds.touch(%4$L);
    CREATE POLICY %2$I ON %1$I.%2$I USING (%2$I = %4$L);
    CREATE VIEW %1$I.%7$I AS SELECT %2$I FROM %1$I.%2$I;
    COMMENT ON TABLE %1$I.%2$I IS %4$L;
    COMMENT ON COLUMN %1$I.%2$I.%2$I IS %4$L;
    GRANT SELECT (%2$I) ON %1$I.%2$I TO rt_reader;
    INSERT INTO %1$I.%2$I VALUES ('x', 1), (%4$L || 'y', 2);
    SELECT setval(%9$L, %8$s);
    $f$, schema, name, 'c_' || name, name, 'i_' || name, 's_' || name, 'v_' || name, n, format('%I.%I', schema, 's_' || name))
  FROM odd, LATERAL (SELECT CASE n % 4 WHEN 0 THEN name ELSE 'names' END AS schema) s \gexec
DROP TABLE odd;
