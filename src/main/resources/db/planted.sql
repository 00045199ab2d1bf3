-- What of the relations that the history's names mean would run the code of others, or isn't what it must be: in words, with the
-- statement that puts it right. Code is trusted whose owner may act as this session's role anyway: the role itself, those that
-- are members of it, superusers, and so the server's own.
WITH RECURSIVE asked (schema, names, body) AS (
    VALUES (?::text, ?::text, ?::text)
), ours AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relforcerowsecurity, format('%I.%I', n.nspname, c.relname) AS name
      FROM asked JOIN pg_namespace n ON n.nspname = schema JOIN pg_class c ON c.relnamespace = n.oid
     WHERE c.relkind NOT IN ('i', 'I') AND c.relname ~ names
), functions AS (
    -- Whoever owns it: the migration's own.
    SELECT p.oid, p.proowner, p.prosrc = body AND p.proconfig = ARRAY['search_path=""'] AS is_ours
      FROM asked JOIN pg_namespace n ON n.nspname = schema JOIN pg_proc p ON p.pronamespace = n.oid
     WHERE p.proname = 'backup_history_of_workers_elsewhere'
), parts (place, relation, classid, objid, objsubid, what, remedy, tree) AS (
    -- The tree is the expression as the server keeps it, in which functions have their numbers.
    SELECT 3, t.tgrelid, 'pg_trigger'::regclass::oid, t.oid, 0, format('the trigger %I on %s', tgname, name),
           format('DROP TRIGGER %I ON %s;', tgname, name), tgqual::text
      FROM pg_trigger t JOIN ours o ON o.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    SELECT 4, p.polrelid, 'pg_policy'::regclass, p.oid, 0, format('the policy %I on %s, which holds for its owner, too', polname, name),
           format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', name), concat(polqual, polwithcheck)
      FROM pg_policy p JOIN ours o ON o.oid = polrelid WHERE relforcerowsecurity
    UNION ALL
    SELECT 6, i.indrelid, 'pg_class'::regclass, i.indexrelid, 0, format('the index %s of %s', i.indexrelid::regclass, name),
           format('DROP INDEX %s;', i.indexrelid::regclass), concat(indexprs, indpred)
      FROM pg_index i JOIN ours o ON o.oid = indrelid
     WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
    UNION ALL
    SELECT 6, s.stxrelid, 'pg_statistic_ext'::regclass, s.oid, 0, format('the statistics %I.%I of %s', nspname, stxname, name),
           format('DROP STATISTICS %I.%I;', nspname, stxname), to_jsonb(s) ->> 'stxexprs'
      FROM pg_statistic_ext s JOIN ours o ON o.oid = stxrelid JOIN pg_namespace n ON n.oid = stxnamespace
    UNION ALL
    SELECT 7, c.conrelid, d.classid, d.objid, 0, format('the constraint %I of %s', conname, name),
           format('ALTER TABLE %s DROP CONSTRAINT %I;', name, conname), conbin::text
      FROM pg_constraint c JOIN ours o ON o.oid = conrelid
     CROSS JOIN LATERAL (VALUES ('pg_constraint'::regclass::oid, c.oid), ('pg_class'::regclass, conindid)) d (classid, objid)
     WHERE d.classid = 'pg_constraint'::regclass OR contype = 'x'
    UNION ALL
    SELECT 8, d.adrelid, 'pg_attrdef'::regclass, d.oid, 0,
           format('%s of the column %I of %s', CASE attgenerated WHEN '' THEN 'the default' ELSE 'the expression' END, attname, name),
           format(CASE attgenerated WHEN '' THEN 'ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT;' WHEN 's' THEN
                  'ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION;' ELSE 'ALTER TABLE %s DROP COLUMN %I;' END, name, attname),
           adbin::text
      FROM pg_attrdef d JOIN ours o ON o.oid = adrelid JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
    UNION ALL
    SELECT 9, attrelid, 'pg_class'::regclass, attrelid, attnum, format('the type of the column %I of %s', attname, name),
           -- By its output function, which is the server's own: a cast may be anybody's.
           CASE WHEN typtype = 'd' THEN format('ALTER TABLE %s ALTER COLUMN %I TYPE %s;', name, attname, format_type(typbasetype, typtypmod))
                ELSE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE text USING pg_catalog.textin(pg_catalog.%3$I(%2$I));', name, attname, (SELECT proname FROM pg_proc WHERE oid = typoutput)) END,
           NULL
      FROM pg_attribute JOIN ours o ON o.oid = attrelid JOIN pg_type t ON t.oid = atttypid
     WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'f')
), code (relation, place, what, remedy, classid, objid) AS (
    -- What the server's own parts need isn't written down; whatever is, has been made by somebody.
    SELECT p.relation, p.place, p.what, p.remedy, d.refclassid, d.refobjid
      FROM parts p JOIN pg_depend d ON d.classid = p.classid AND d.objid = p.objid AND d.objsubid = p.objsubid
     WHERE d.refclassid <> 'pg_class'::regclass AND d.deptype IN ('n', 'a')
    UNION
    SELECT c.relation, c.place, c.what, c.remedy, n.classid, n.objid
      FROM code c
     CROSS JOIN LATERAL (
           SELECT refclassid AS classid, refobjid AS objid FROM pg_depend d
            WHERE d.classid = c.classid AND d.objid = c.objid AND refclassid <> 'pg_class'::regclass
           UNION ALL
           SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE c.classid = 'pg_type'::regclass AND contypid = c.objid
           UNION ALL
           SELECT 'pg_type'::regclass, atttypid FROM pg_type JOIN pg_attribute ON attrelid = typrelid
            WHERE c.classid = 'pg_type'::regclass AND pg_type.oid = c.objid AND typrelid <> 0) n
), owned AS (
    SELECT c.*, o.owner, format('%s of %s', pg_describe_object(c.classid, c.objid, 0), pg_get_userbyid(o.owner)) AS whose
      FROM code c
     CROSS JOIN LATERAL (
           SELECT proowner AS owner FROM pg_proc
            WHERE c.classid = 'pg_proc'::regclass AND oid = c.objid AND oid NOT IN (SELECT oid FROM functions WHERE is_ours)
           UNION ALL SELECT oprowner FROM pg_operator WHERE c.classid = 'pg_operator'::regclass AND oid = c.objid
           UNION ALL SELECT typowner FROM pg_type WHERE c.classid = 'pg_type'::regclass AND oid = c.objid
           UNION ALL SELECT opcowner FROM pg_opclass WHERE c.classid = 'pg_opclass'::regclass AND oid = c.objid
           UNION ALL SELECT opfowner FROM pg_opfamily WHERE c.classid = 'pg_opfamily'::regclass AND oid = c.objid
           UNION ALL SELECT lanowner FROM pg_language WHERE c.classid = 'pg_language'::regclass AND oid = c.objid) o
), findings (place, what, remedy) AS (
    SELECT 1, format('%s is %s', name, CASE relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
                                        WHEN 'p' THEN 'a partitioned table' WHEN 'S' THEN 'a sequence' ELSE 'a type' END || ', and no table'),
           format('ALTER %s %s RENAME TO %I;', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
                                          WHEN 'p' THEN 'TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TYPE' END, name, 'others_' || left(relname, 50))
      FROM ours WHERE relkind <> 'r'
    UNION ALL
    SELECT 2, format('%s belongs to %s', name, pg_get_userbyid(relowner)), format('ALTER TABLE %s OWNER TO %I;', name, current_user)
      FROM ours
     WHERE relkind = 'r' AND NOT (pg_has_role(relowner, current_user, 'MEMBER') AND pg_has_role(current_user, relowner, 'MEMBER'))
    UNION ALL
    SELECT 3, format('the rule %I on %s', rulename, name), format('DROP RULE %I ON %s;', rulename, name)
      FROM pg_rewrite JOIN ours ON ours.oid = ev_class WHERE relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 5, format('%s inherits from %s', i.inhrelid::regclass, i.inhparent::regclass),
           format(CASE WHEN c.relispartition THEN 'ALTER TABLE %2$s DETACH PARTITION %1$s;' ELSE 'ALTER TABLE %1$s NO INHERIT %2$s;' END,
                  i.inhrelid::regclass, i.inhparent::regclass)
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhrelid IN (SELECT oid FROM ours) OR i.inhparent IN (SELECT oid FROM ours)
    UNION ALL
    -- What the table's row is written or removed with may run triggers that are on the other table.
    SELECT 7, format('the foreign key %I of %s, which refers to %s and belongs to %s', conname, conrelid::regclass, name, pg_get_userbyid(r.relowner)),
           format('ALTER TABLE %s DROP CONSTRAINT %I;', conrelid::regclass, conname)
      FROM pg_constraint c JOIN ours ON ours.oid = confrelid JOIN pg_class r ON r.oid = conrelid
     WHERE contype = 'f' AND conrelid NOT IN (SELECT oid FROM ours) AND NOT pg_has_role(r.relowner, current_user, 'MEMBER')
    UNION ALL
    -- Functions of the server's that run what a text says, or do something besides; on what it has from the start nothing depends.
    SELECT place, format('%s (it calls %s)', what, string_agg(DISTINCT proname, ', ')), remedy
      FROM parts CROSS JOIN LATERAL regexp_matches(tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') number
      JOIN pg_proc f ON f.oid = number[1]::oid AND f.pronamespace = 'pg_catalog'::regnamespace
     WHERE proname ~ '_to_xml(schema)?$|_and_xmlschema$'
        OR provolatile = 'v' AND proname NOT IN ('gen_random_uuid', 'uuidv4', 'uuidv7', 'random', 'clock_timestamp', 'timeofday', 'nextval', 'currval', 'lastval')
     GROUP BY place, what, remedy
    UNION ALL
    SELECT place, format('%s (%s)', what, string_agg(DISTINCT whose, ', ')), remedy
      FROM owned WHERE NOT pg_has_role(owner, current_user, 'MEMBER')
     GROUP BY place, what, remedy
    UNION ALL
    SELECT 10, format('the function %s of %s', oid::regprocedure, pg_get_userbyid(proowner)),
           CASE WHEN is_ours THEN format('ALTER FUNCTION %s OWNER TO %I;', oid::regprocedure, current_user)
                ELSE format('DROP FUNCTION %s CASCADE;', oid::regprocedure) END
      FROM functions WHERE NOT pg_has_role(proowner, current_user, 'MEMBER')
)
SELECT what, remedy FROM findings ORDER BY place, what
