-- What belongs to extensions, and what is on their tables: pg_dump leaves the definitions of both to CREATE EXTENSION, which makes
-- neither what ALTER EXTENSION ADD made a member nor what users put on a member's table. Which is which only a comparison with what
-- CREATE EXTENSION has made in a target shows; so all of it is told by name, with a statement that makes it where there is one.
-- Steps: 1 with the extension, 2 before rows, 3 after rows, 4 after everything. As bytes, like detect-database.sql.
WITH members AS (
  SELECT e.extname, e.extversion, d.classid, d.objid, d.xmin IS DISTINCT FROM e.xmin AS later,
         i.type AS kind, i.identity
    FROM pg_extension e
    JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
   CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
), relations AS (
  SELECT m.*, n.nspname AS schema, c.relname AS name, c.relkind, c.relpersistence, c.reloptions, c.relreplident, c.relforcerowsecurity, c.relispartition, c.relpartbound,
         c.relowner, format('%I.%I', n.nspname, c.relname) AS relation
    FROM members m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid JOIN pg_namespace n ON n.oid = c.relnamespace
), columns AS (
  SELECT r.extname, r.extversion, r.objid, r.relation, r.relkind, a.attnum, a.attname, a.attislocal, a.attidentity, a.attnotnull,
         pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated,
         format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
           || coalesce((SELECT format(' COLLATE %I.%I', n.nspname, o.collname)
                          FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace JOIN pg_type t ON t.oid = a.atttypid
                         WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation), '')
           || CASE a.attgenerated WHEN '' THEN '' ELSE format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                                                          CASE a.attgenerated WHEN 'v' THEN 'VIRTUAL' ELSE 'STORED' END) END
           AS text
    FROM relations r
    JOIN pg_attribute a ON a.attrelid = r.objid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind IN ('r', 'p', 'f', 'c')
), options AS (
  SELECT objid, CASE WHEN reloptions IS NULL THEN '' ELSE
         (SELECT format(' WITH (%s)', string_agg(format('%s=%L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', '))
            FROM unnest(reloptions) o) END AS text
    FROM relations
), objects AS (
  -- Tables
  SELECT r.extname, r.extversion, 1 AS step, r.kind, r.identity, r.relation, r.classid, r.objid,
         CASE WHEN r.relkind IN ('r', 'p') THEN
           format('CREATE %sTABLE %s (%s)', CASE r.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, r.relation,
             coalesce((SELECT string_agg(c.text || CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY c.attnum)
                         FROM columns c WHERE c.objid = r.objid AND (c.attislocal OR r.relispartition)), ''))
           || coalesce((SELECT format(' INHERITS (%s)', string_agg(format('%I.%I', n.nspname, p.relname), ', ' ORDER BY h.inhseqno))
                          FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
                         WHERE h.inhrelid = r.objid AND NOT r.relispartition HAVING count(*) > 0), '')
           || CASE r.relkind WHEN 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(r.objid) ELSE '' END || o.text
         END AS definition, r.relowner AS owner
    FROM relations r JOIN options o ON o.objid = r.objid WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT r.extname, r.extversion, 1, r.kind, r.identity, r.relation, r.classid, r.objid,
         CASE r.relkind WHEN 'v' THEN format('CREATE VIEW %s%s AS %s', r.relation, o.text, rtrim(pg_get_viewdef(r.objid), ';'))
                        ELSE format('CREATE MATERIALIZED VIEW %s%s AS %s WITH NO DATA', r.relation, o.text,
                                    rtrim(pg_get_viewdef(r.objid), ';')) END, r.relowner
    FROM relations r JOIN options o ON o.objid = r.objid WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT r.extname, r.extversion, 1, r.kind, r.identity, r.relation, r.classid, r.objid,
         format('CREATE SEQUENCE %s AS %s START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s%s', r.relation,
                format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END), r.relowner
    FROM relations r JOIN pg_sequence s ON s.seqrelid = r.objid WHERE r.relkind = 'S'
  UNION ALL
  SELECT m.extname, m.extversion, 1, m.kind, m.identity, NULL, m.classid, m.objid,
         CASE t.typtype
           WHEN 'e' THEN format('CREATE TYPE %s AS ENUM (%s)', m.identity,
             coalesce((SELECT string_agg(format('%L', l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid), ''))
           WHEN 'c' THEN format('CREATE TYPE %s AS (%s)', m.identity,
             coalesce((SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), ''))
           WHEN 'd' THEN format('CREATE DOMAIN %s AS %s', m.identity, format_type(t.typbasetype, t.typtypmod))
             || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
             || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', o.conname, pg_get_constraintdef(o.oid)), '' ORDER BY o.conname)
                            FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c'), '')
           WHEN 'r' THEN (SELECT format('CREATE TYPE %s AS RANGE (SUBTYPE = %s)', m.identity, format_type(g.rngsubtype, NULL))
                            FROM pg_range g WHERE g.rngtypid = t.oid)
         END, t.typowner
    FROM members m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
    LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE NOT (t.typcategory = 'A' AND t.typtype = 'b') AND t.typtype <> 'm' AND coalesce(c.relkind, 'c') = 'c'
  UNION ALL
  -- An extension may have hundreds: those that came with it needn't be told in full.
  SELECT m.extname, m.extversion, 1, m.kind, m.identity, NULL, m.classid, m.objid,
         CASE WHEN m.later AND p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) END, p.proowner
    FROM members m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
  UNION ALL
  SELECT m.extname, m.extversion, 1, m.kind, m.identity, NULL, m.classid, m.objid,
         CASE m.classid WHEN 'pg_namespace'::regclass THEN 'CREATE SCHEMA ' || m.identity END, NULL::oid
    FROM members m WHERE m.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)
), parts AS (
  SELECT c.extname, c.extversion, 2 AS step, 'column' AS kind, format('%s.%I', c.relation, c.attname) AS identity, c.relation,
         format('ALTER TABLE %s ADD COLUMN %s%s%s', c.relation, c.text,
                CASE WHEN c.attgenerated = '' THEN coalesce(' DEFAULT ' || c.expression, '') ELSE '' END, CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END) AS definition
    FROM columns c WHERE c.relkind IN ('r', 'p', 'f') AND c.attislocal
  UNION ALL
  SELECT c.extname, c.extversion, 2, 'default of column', format('%s.%I', c.relation, c.attname), c.relation,
         format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', c.relation, c.attname, c.expression)
    FROM columns c WHERE c.relkind IN ('r', 'p', 'f') AND c.attgenerated = '' AND c.expression IS NOT NULL
  UNION ALL
  SELECT c.extname, c.extversion, 2, 'identity of column', format('%s.%I', c.relation, c.attname), c.relation,
         format('ALTER TABLE %s ALTER COLUMN %I ADD GENERATED %s AS IDENTITY', c.relation, c.attname,
                CASE c.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END)
    FROM columns c WHERE c.attidentity <> ''
  UNION ALL
  SELECT r.extname, r.extversion, 2, 'partition', r.relation, r.relation,
         (SELECT format('ALTER TABLE %I.%I ATTACH PARTITION %s %s', n.nspname, p.relname, r.relation, pg_get_expr(r.relpartbound, r.objid))
            FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace WHERE h.inhrelid = r.objid)
    FROM relations r WHERE r.relispartition
  UNION ALL
  SELECT c.extname, c.extversion, 3, 'not null of column', format('%s.%I', c.relation, c.attname), c.relation,
         format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', c.relation, c.attname)
    FROM columns c WHERE c.relkind IN ('r', 'p') AND c.attnotnull
  UNION ALL
  SELECT r.extname, r.extversion, 3, 'index', format('%I.%I', r.schema, x.relname), r.relation, pg_get_indexdef(x.oid)
    FROM relations r JOIN pg_index i ON i.indrelid = r.objid JOIN pg_class x ON x.oid = i.indexrelid
   WHERE NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = x.oid AND o.contype IN ('p', 'u', 'x')) AND NOT x.relispartition
  UNION ALL
  SELECT r.extname, r.extversion, CASE o.contype WHEN 'f' THEN 4 ELSE 3 END, 'constraint', format('%I on %s', o.conname, r.relation), r.relation,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', r.relation, o.conname, pg_get_constraintdef(o.oid))
    FROM relations r JOIN pg_constraint o ON o.conrelid = r.objid
   WHERE o.contype IN ('p', 'u', 'x', 'c', 'f') AND o.conislocal AND o.conparentid = 0
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'trigger', format('%I on %s', t.tgname, r.relation), r.relation, pg_get_triggerdef(t.oid)
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.objid
   WHERE NOT t.tgisinternal AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
  UNION ALL
  SELECT r.extname, r.extversion, 5, 'state of trigger', format('%I on %s (%s)', t.tgname, r.relation, t.tgenabled), r.relation,
         format('ALTER TABLE %s %s TRIGGER %I', r.relation,
                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.objid
   WHERE NOT t.tgisinternal AND t.tgenabled <> 'O'
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'rule', format('%I on %s', u.rulename, r.relation), r.relation, pg_get_ruledef(u.oid)
    FROM relations r JOIN pg_rewrite u ON u.ev_class = r.objid WHERE u.rulename <> '_RETURN'
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'forced row level security', r.relation, r.relation,
         format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', r.relation)
    FROM relations r WHERE r.relforcerowsecurity
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'replica identity', r.relation, r.relation,
         format('ALTER TABLE %s REPLICA IDENTITY %s', r.relation, CASE r.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE
           'USING INDEX ' || (SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                               WHERE i.indrelid = r.objid AND i.indisreplident) END)
    FROM relations r WHERE r.relkind IN ('r', 'p') AND r.relreplident <> 'd'
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'publication', format('%I of %s', p.pubname, r.relation), r.relation,
         format('ALTER PUBLICATION %I ADD TABLE ONLY %s', p.pubname, r.relation)
    FROM relations r JOIN pg_publication_rel l ON l.prrelid = r.objid JOIN pg_publication p ON p.oid = l.prpubid
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'row level security', r.relation, r.relation,
         format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r.relation)
    FROM relations r JOIN pg_class c ON c.oid = r.objid WHERE c.relrowsecurity
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'policy', format('%I on %s', p.polname, r.relation), r.relation,
         format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, r.relation,
                CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(p.polroles) o),
                coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
                coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.objid
  UNION ALL
  SELECT r.extname, r.extversion, 4, 'statistics', format('%I.%I', n.nspname, s.stxname), r.relation, pg_get_statisticsobjdef(s.oid)
    FROM relations r JOIN pg_statistic_ext s ON s.stxrelid = r.objid JOIN pg_namespace n ON n.oid = s.stxnamespace
  UNION ALL
  SELECT r.extname, r.extversion, 5, 'comment on column', format('%s.%I: %s', r.relation, a.attname, quote_literal(left(t.text, 60))), r.relation,
         format('COMMENT ON COLUMN %s.%I IS %s', r.relation, a.attname, quote_literal(t.text))
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.objid AND a.attnum > 0 AND NOT a.attisdropped
   CROSS JOIN LATERAL col_description(r.objid, a.attnum) AS t (text)
   WHERE t.text IS NOT NULL
  UNION ALL
  SELECT r.extname, r.extversion, 5, 'comment', format('on %s %s: %s', r.kind, r.relation, quote_literal(left(t.text, 60))), r.relation,
         format('COMMENT ON %s %s IS %s', upper(r.kind), r.relation, quote_literal(t.text))
    FROM relations r CROSS JOIN LATERAL obj_description(r.objid, 'pg_class') AS t (text)
   WHERE t.text IS NOT NULL
  UNION ALL
  SELECT r.extname, r.extversion, 5, 'rows of materialized view', r.relation, r.relation, format('REFRESH MATERIALIZED VIEW %s', r.relation)
    FROM relations r JOIN pg_class c ON c.oid = r.objid WHERE r.relkind = 'm' AND c.relispopulated
  UNION ALL
  -- Of any sequence, a member itself or not.
  SELECT r.extname, r.extversion, 4, 'owner of sequence', format('%I.%I', n.nspname, q.relname), r.relation,
         format('ALTER SEQUENCE %I.%I OWNED BY %s.%I', n.nspname, q.relname, r.relation, a.attname)
    FROM relations r
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.objid AND d.refobjsubid > 0
                    AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
    JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
    JOIN pg_namespace n ON n.oid = q.relnamespace
    JOIN pg_attribute a ON a.attrelid = r.objid AND a.attnum = d.refobjsubid
), found AS (
  SELECT o.extname, o.extversion, o.step, o.kind, o.identity, o.relation, o.definition,
         CASE WHEN o.definition IS NOT NULL THEN
           array_remove(ARRAY[
             CASE WHEN o.owner IS NOT NULL THEN format('ALTER %s %s OWNER TO %I', upper(o.kind), o.identity, pg_get_userbyid(o.owner)) END,
             'COMMENT ON ' || upper(o.kind) || ' ' || o.identity || ' IS ' || quote_literal(obj_description(o.objid, o.classid::regclass::name))], NULL)
           || coalesce((SELECT array_agg(format('GRANT %s ON %s %s TO %s%s', a.privilege_type, upper(o.kind), o.identity,
                          CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                          CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END))
                          FROM pg_init_privs v, aclexplode(v.initprivs) a
                         WHERE v.classoid = o.classid AND v.objoid = o.objid AND v.objsubid = 0 AND a.grantee <> o.owner), '{}')
           || ARRAY[format('ALTER EXTENSION %I ADD %s %s', o.extname, upper(o.kind), o.identity)]
         END AS then
    FROM objects o
  UNION ALL
  SELECT p.extname, p.extversion, p.step, p.kind, p.identity, p.relation, p.definition, NULL FROM parts p
)
SELECT encode(convert_to(coalesce(jsonb_agg(jsonb_build_object(
         'extension', found.extname, 'version', found.extversion, 'step', step, 'kind', found.kind, 'identity', found.identity, 'schema', r.schema, 'name', r.name,
         'definition', CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN NULL ELSE definition END,
         'then', CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN NULL ELSE to_jsonb(found.then) END)
         ORDER BY found.extname, step, found.kind, found.identity), '[]')::text,
         CASE getdatabaseencoding() WHEN 'SQL_ASCII' THEN 'SQL_ASCII' ELSE 'UTF8' END), 'hex') AS facts
  FROM found LEFT JOIN relations r ON r.relation = found.relation
