SET search_path = kinds;
CREATE VIEW plain AS SELECT id, v AS "odd ""name""" FROM parent WHERE v <> E'it''s\\';
CREATE VIEW barrier WITH (security_barrier, security_invoker = true) AS SELECT * FROM parent WITH CASCADED CHECK OPTION;
CREATE RECURSIVE VIEW counting (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
-- Each reads the other: only a dump that makes one of them twice can restore them.
CREATE VIEW loop_a AS SELECT 1 AS x;
CREATE VIEW loop_b AS SELECT x FROM loop_a;
CREATE OR REPLACE VIEW loop_a AS SELECT 1 AS x WHERE NOT EXISTS (SELECT FROM loop_b);
CREATE VIEW grouped AS SELECT * FROM sale_notes;
CREATE VIEW by_key AS SELECT id, v, count(*) FROM parent GROUP BY id;
ALTER VIEW plain ALTER COLUMN id SET DEFAULT 7;
CREATE TRIGGER instead INSTEAD OF INSERT ON plain FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE upd AS ON UPDATE TO plain DO INSTEAD UPDATE parent SET v = NEW."odd ""name""" WHERE id = OLD.id;
COMMENT ON VIEW plain IS 'view';
COMMENT ON COLUMN plain.id IS 'its column';
GRANT SELECT ON plain TO rt_reader;
GRANT SELECT (id) ON barrier TO rt_writer;
-- Materialized views: the one with the smaller name and older oid reads the other after a change of names.
CREATE MATERIALIZED VIEW z_first AS SELECT day, sum(amount) AS total FROM sales GROUP BY day;
CREATE MATERIALIZED VIEW a_second AS SELECT max(total) AS best FROM z_first;
CREATE MATERIALIZED VIEW "M'v ""3"" $(x)" AS SELECT best * 2 AS twice FROM a_second WITH DATA;
CREATE MATERIALIZED VIEW U&"new\000Aline \\ ""'" AS SELECT twice FROM "M'v ""3"" $(x)";
CREATE MATERIALIZED VIEW unpopulated AS SELECT 1 / 0 AS never WITH NO DATA;
CREATE UNIQUE INDEX z_first_day ON z_first (day);
ALTER MATERIALIZED VIEW a_second OWNER TO rt_owner;
GRANT SELECT ON sales, z_first TO rt_owner;
COMMENT ON MATERIALIZED VIEW z_first IS 'materialized';
-- Older than what it reads: through a view that was replaced.
CREATE VIEW behind AS SELECT 1::numeric AS n;
CREATE MATERIALIZED VIEW older AS SELECT n FROM behind;
CREATE MATERIALIZED VIEW younger AS SELECT 41.0 + 1 AS n;
CREATE OR REPLACE VIEW behind AS SELECT n FROM younger;
REFRESH MATERIALIZED VIEW older;
-- A function's body reads tables, and an index needs the function.
CREATE FUNCTION parents() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM parent; END;
CREATE FUNCTION parent_row(parent) RETURNS text LANGUAGE sql RETURN ($1).v;
CREATE FUNCTION set_of() RETURNS SETOF child LANGUAGE sql AS 'SELECT * FROM kinds.child';
